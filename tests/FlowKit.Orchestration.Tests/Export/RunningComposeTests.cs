using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowKit.Configuration;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Tests;

namespace FlowKit.Orchestration.Export;

/// <summary>An exported flow, run by docker compose.</summary>
public sealed class RunningComposeTests : IClassFixture<EngineFixture>, IDisposable
{
    private const string Flow = """
        jtype: Flow
        executors:
          - {name: indexer, uses: VectorIndexer}

        """;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    private readonly HttpClient _http = new() { Timeout = s_limit };

    public void Dispose() => _http.Dispose();

    [ComposeFact]
    public async Task A_flow_is_up_answers_and_finds_its_documents_when_it_is_up_again()
    {
        var port = FreePort.Find();
        var read = new FlowReadOptions { Overrides = new Dictionary<string, string> { ["gateway.port"] = $"{port}" } };
        using var exported = Exported.OfText(Flow, ExportTarget.Compose, new ExportOptions(), read);
        string[] compose = ["compose", "--project-name", $"flowkit-compose-{Environment.ProcessId}", "--file", Path.Combine(exported.Path, "docker-compose.yml")];
        _http.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        try
        {
            await EngineFixture.DockerAsync([.. compose, "up", "--detach", "--wait", "--pull", "never"]);
            await ReadyAsync();
            var indexed = await PostAsync("/index", new JsonObject { ["id"] = "a", ["embedding"] = new JsonArray(1, 0) });
            Assert.Null(indexed["data"]![0]!["error"]);

            await EngineFixture.DockerAsync([.. compose, "down"]);
            await EngineFixture.DockerAsync([.. compose, "up", "--detach", "--wait", "--pull", "never"]);
            await ReadyAsync();
            var found = await PostAsync("/search", new JsonObject { ["embedding"] = new JsonArray(1, 0) });
            Assert.Equal("a", (string?)found["data"]![0]!["matches"]![0]!["id"]);
        }
        finally
        {
            await EngineFixture.DockerAsync([.. compose, "down", "--volumes"]);
        }
    }

    private async Task<JsonNode> PostAsync(string endpoint, JsonObject document)
    {
        using var response = await _http.PostAsJsonAsync("/post", new JsonObject { ["data"] = new JsonArray(document), ["execEndpoint"] = endpoint });
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private async Task ReadyAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        var told = "nothing answers";
        while (TimeProvider.System.GetElapsedTime(began) < s_limit)
        {
            try
            {
                using var response = await _http.GetAsync("/ready");
                if (response.IsSuccessStatusCode)
                {
                    return;
                }

                told = await response.Content.ReadAsStringAsync();
            }
            catch (HttpRequestException exception)
            {
                told = exception.Message;
            }

            await Task.Delay(500);
        }

        Assert.Fail(told);
    }
}
