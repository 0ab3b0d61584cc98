using System.Diagnostics;
using System.Net.Http.Json;
using FlowKit.Specs.Running;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>The health check of FlowKit's image, which an engine runs inside the container.</summary>
public sealed class ImageHealthTests : IClassFixture<EngineFixture>, IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    private static readonly string[] s_often = ["--health-interval", "1s", "--health-timeout", "15s", "--health-retries", "2"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [EngineFact]
    public async Task A_gateway_is_healthy_while_its_executors_serve()
    {
        _folder.File("Brittle.cs", """
            public sealed class Brittle : Executor
            {
                public override Task LoadAsync(CancellationToken token) =>
                    File.Exists(Marker) ? throw new IOException("still broken") : Task.CompletedTask;

                private string Marker => Path.Combine(Context.Workspace, "broken");

                [Requests("/die")]
                public void Die()
                {
                    File.WriteAllText(Marker, "");
                    System.Diagnostics.Process.GetCurrentProcess().Kill();
                }
            }
            """);
        _folder.File("flow.yml", "jtype: Flow\nexecutors:\n  - {name: brittle, uses: ./Brittle.cs, runtime: process, retries: 0}\n");
        if (!OperatingSystem.IsWindows())
        {
            // Whoever runs in the container is another user.
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        }

        await using var container = await RunAsync(
            ["--publish", "127.0.0.1::8080", "--volume", $"{_folder.Path}:/flow:ro"],
            ["run", "/flow/flow.yml", "--host", "0.0.0.0", "--port", "8080", "--workspace", "/workspace"]);
        await container.BecomesAsync("healthy");

        var address = (await EngineFixture.DockerAsync("port", container.Id, "8080/tcp")).Split('\n')[0];
        using (var http = new HttpClient())
        using (await http.PostAsJsonAsync($"http://{address}/post", new { data = new[] { new { text = "a" } }, execEndpoint = "/die" }))
        {
            await container.BecomesAsync("unhealthy");
        }
    }

    [EngineFact]
    public async Task A_worker_is_healthy_when_it_serves_over_gRPC_and_no_start_of_NET_asks_it()
    {
        await using var container = await RunAsync([], ["executor", "--uses", "ClipTextEncoder", "--host", "0.0.0.0", "--port", "51000"]);
        await container.BecomesAsync("healthy");

        Assert.Equal("[\"CMD\",\"/app/probe\",\"http://127.0.0.1:8080\",\"grpc://127.0.0.1:51000\"]", await EngineFixture.DockerAsync("inspect", "--format", "{{json .Config.Healthcheck.Test}}", container.Id));
        Assert.StartsWith("#!/usr/bin/env bash", await EngineFixture.DockerAsync("exec", container.Id, "cat", "/app/probe"), StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task One_that_serves_nothing_is_not()
    {
        await using var container = await RunAsync(["--entrypoint", "sleep", "--health-start-period", "1s"], ["600"]);

        await container.BecomesAsync("unhealthy");
    }

    private static async Task<Container> RunAsync(string[] options, string[] arguments) =>
        new(await EngineFixture.DockerAsync(["run", "--detach", .. s_often, .. options, ContainerImage.Own, .. arguments]));

    /// <summary>A container that ends with the test.</summary>
    private sealed class Container(string id) : IAsyncDisposable
    {
        public string Id => id;

        /// <summary>Waits until the engine says so, which asks once a second.</summary>
        public async Task BecomesAsync(string status)
        {
            var began = Stopwatch.GetTimestamp();
            while (await EngineFixture.DockerAsync("inspect", "--format", "{{.State.Health.Status}}", id) != status)
            {
                Assert.True(Stopwatch.GetElapsedTime(began) < s_limit, await EngineFixture.DockerAsync("inspect", "--format", "{{json .State}}", id));
                await Task.Delay(500);
            }
        }

        public async ValueTask DisposeAsync() => await EngineFixture.DockerAsync("rm", "--force", "--volumes", id);
    }
}
