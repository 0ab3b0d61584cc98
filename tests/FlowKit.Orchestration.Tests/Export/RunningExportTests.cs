using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowKit.Orchestration.Images;
using FlowKit.Orchestration.Launching.Containers;
using FlowKit.Orchestration.Swarm;
using FlowKit.Specs.Running;

namespace FlowKit.Orchestration.Export;

/// <summary>An exported flow, run by the engine that it was exported for: a stack on a Swarm of this one machine.</summary>
public sealed class RunningExportTests : IClassFixture<EngineFixture>, IAsyncLifetime
{
    private const string Stack = "flowkit-export-test";
    private const int Port = 21871;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromSeconds(20) };
    private OwnSwarm _swarm = null!;

    public async Task InitializeAsync() => _swarm = await OwnSwarm.InitAsync();

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _swarm.LeaveAsync(Stack);
        if (_swarm.IsOurs)
        {
            await RemoveVolumesAsync();
        }
    }

    [EngineFact]
    public async Task Shards_in_services_of_their_own_find_what_was_indexed()
    {
        Assert.True(_swarm.IsOurs, "this machine is in a Swarm already, which is left alone");
        using var exported = Exported.Of(
            Repository.At("flows", "shards", "flow.yml"),
            ExportTarget.Swarm,
            new ExportOptions { HostPorts = true, GatewayReplicas = 1, Tag = "test" },
            new Configuration.FlowReadOptions { Overrides = new Dictionary<string, string> { ["gateway.port"] = $"{Port}" } });
        foreach (var (image, source) in exported.Result.Images)
        {
            await ImageBuild.RunAsync(source, image, ContainerImage.Own, _ => { }, CancellationToken.None);
        }

        foreach (var note in exported.Result.Notes.Where(note => note.Contains("--label-add", StringComparison.Ordinal)))
        {
            var label = note.Split("--label-add ")[1].Split(' ')[0];
            await EngineFixture.DockerAsync("node", "update", "--label-add", label, await EngineFixture.DockerAsync("info", "--format", "{{.Swarm.NodeID}}"));
        }

        await EngineFixture.DockerAsync("stack", "deploy", "--resolve-image", "never", "--compose-file", Path.Combine(exported.Path, "stack.yml"), Stack);
        await ReadyAsync();

        string[] fruits = ["apple", "pear", "banana", "cherry", "grape", "melon", "plum", "fig", "lemon", "lime"];
        var indexed = await PostAsync("/index", new JsonObject { ["data"] = new JsonArray([.. fruits.Select(fruit => new JsonObject { ["id"] = fruit, ["text"] = fruit })]) });
        Assert.All(indexed["data"]!.AsArray(), document => Assert.Null(document!["error"]));

        var found = await PostAsync("/search", new JsonObject { ["data"] = new JsonArray(new JsonObject { ["text"] = "plum" }), ["parameters"] = new JsonObject { ["limit"] = 3 } });
        Assert.Equal("plum", (string)found["data"]![0]!["matches"]![0]!["id"]!);
        Assert.Equal(3, found["data"]![0]!["matches"]!.AsArray().Count);

        var counted = await PostAsync("/post", new JsonObject { ["data"] = new JsonArray(), ["execEndpoint"] = "/count" });
        var shards = counted["parameters"]!["__results__"]!.AsObject().Where(result => result.Value?["count"] is not null).ToList();
        Assert.Equal(3, shards.Count);
        Assert.Equal(fruits.Length, shards.Sum(shard => (int)shard.Value!["count"]!));
    }

    /// <summary>A volume can be removed once its container has ended.</summary>
    private static async Task RemoveVolumesAsync()
    {
        var engine = new Engine("docker", "");
        var began = TimeProvider.System.GetTimestamp();
        foreach (var volume in (await EngineFixture.DockerAsync("volume", "ls", "--quiet", "--filter", $"name={Stack}")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            while ((await engine.RunAsync(["volume", "rm", volume], CancellationToken.None)).ExitCode != 0)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < s_limit, $"the volume {volume} is in use");
                await Task.Delay(500);
            }
        }
    }

    private async Task<JsonObject> PostAsync(string path, JsonNode body)
    {
        using var response = await _http.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
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
                told = await response.Content.ReadAsStringAsync();
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException exception)
            {
                told = exception.Message;
            }

            await Task.Delay(500);
        }

        Assert.Fail($"{told}\n{await EngineFixture.DockerAsync("stack", "ps", "--no-trunc", Stack)}");
    }
}
