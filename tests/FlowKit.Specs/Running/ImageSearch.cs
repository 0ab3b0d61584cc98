using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Specs.Running;

/// <summary>flows/image-search, started once for all stories that only ask it.</summary>
public sealed class ImageSearch : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal RunningFlow Flow { get; private set; } = null!;

    public static async Task<JsonObject> PostAsync(HttpClient http, string path, JsonNode body)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>The uris of what a document finds, best first.</summary>
    public async Task<List<string>> SearchAsync(JsonObject document, int limit)
    {
        var reply = await PostAsync(Flow.Http, "/search?nulls=false", new JsonObject { ["data"] = new JsonArray(document), ["parameters"] = new JsonObject { ["limit"] = limit } });
        Assert.Null(reply["header"]!["status"]);
        return [.. reply["data"]![0]!["matches"]!.AsArray().Select(match => (string)match!["uri"]!)];
    }

    public async Task InitializeAsync() => Flow = await RunningFlow.StartAsync(Repository.At("flows", "image-search", "flow.yml"), _folder.Path);

    public async Task DisposeAsync()
    {
        await Flow.DisposeAsync();
        _folder.Dispose();
    }
}
