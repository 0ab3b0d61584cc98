using System.Net.Http.Json;
using FlowKit.Executors.Tests.Postgres;
using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Specs.Monitoring;

/// <summary>A trace that goes on into a database, through an executor in a container.</summary>
public sealed class StoreTraceSpecs : IDisposable
{
    private const string Trace = "7af7651916cd43dd8448eb211c80319c";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private static readonly (string Service, string Name)[] s_named =
        [("flowkit", "first"), ("flowkit", "second"), ("flowkit", "beside"), ("flowkit-worker", "beside")];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The engine's containers are processes of this machine, so that no engine is needed; all else is as with one.</summary>
    [StoreTraceFact]
    public async Task A_trace_goes_over_stages_a_batch_a_process_and_a_container_into_PostgreSQL()
    {
        using var dashboard = AspireDashboard.Start();
        await using var flow = await StartAsync(dashboard);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/post")
        {
            Headers = { { "traceparent", $"00-{Trace}-b7ad6b7169203331-01" } },
            Content = JsonContent.Create(new { data = new[] { new { id = "a", text = "a", embedding = new[] { 1f, 0f } } }, execEndpoint = "/index" }),
        };
        using var response = await flow.Http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());

        // Each process sends its spans when it likes: the trace is whole when each has come of which another one tells.
        var spans = await dashboard.TraceAsync(
            Trace,
            spans => spans.Any(span => span is { Service: "contained", Source: "Npgsql" })
                && s_named.All(named => spans.Any(span => (span.Service, span.Name) == named))
                && spans.All(span => RoadOf(span, spans)[^1].Name == "POST /post")).WaitAsync(s_limit);

        var store = spans.First(span => span is { Service: "contained", Source: "Npgsql" });
        var road = RoadOf(store, spans).Select(span => $"{span.Service} {span.Name}").ToList();
        Assert.Contains("contained stored", road);
        Assert.Equal(["flowkit stored", "flowkit POST /post"], road[^2..]);
        Assert.All(s_named, named => Assert.Single(spans, span => (span.Service, span.Name) == named));
    }

    /// <summary>A span and all above it, of those that were received.</summary>
    private static List<AspireDashboard.Span> RoadOf(AspireDashboard.Span span, IReadOnlyList<AspireDashboard.Span> spans)
    {
        List<AspireDashboard.Span> road = [span];
        while (spans.FirstOrDefault(other => other.Id == road[^1].Parent) is { } parent)
        {
            road.Add(parent);
        }

        return road;
    }

    private Task<RunningFlow> StartAsync(AspireDashboard dashboard)
    {
        _folder.File("Pass.cs", "public sealed class Pass : Executor { [Requests] public static void All(DocumentArray docs) { } }");
        var options = PostgresServer.Options("traced");
        var file = _folder.File("flow.yml", $$"""
            jtype: Flow
            executors:
              - {name: first, uses: ./Pass.cs}
              - {name: second, uses: ./Pass.cs, uses_dynamic_batching: {/index: {preferred_batch_size: 4, timeout: 10} } }
              - {name: beside, uses: ./Pass.cs, runtime: process}
              - name: stored
                uses: PgVectorIndexer
                runtime: container
                disable_auto_volume: true
                uses_with: {connection_string: "{{options.ConnectionString}}", table: {{options.Table}} }
                env:
                  OTEL_EXPORTER_OTLP_ENDPOINT: {{dashboard.Endpoint}}
                  OTEL_SERVICE_NAME: contained
                  OTEL_BSP_SCHEDULE_DELAY: '200'
            """);
        var start = FlowKitCommand.StartInfo("run", file, "--port", "0", "--workspace", Path.Combine(_folder.Path, "workspace"));
        start.WorkingDirectory = _folder.Path;
        start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = dashboard.Endpoint;
        start.Environment["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        start.Environment["FLOWKIT_ENGINE"] = Engine();
        start.Environment["FLOWKIT_IMAGE"] = "own:1";
        return RunningFlow.StartAsync(start);
    }

    private string Engine()
    {
        var port = FreePort.Find();
        var path = _folder.File("engine", $$$$"""
            #!/bin/sh
            case "$1" in
              version) echo '{"Server": {"Os": "linux", "Arch": "amd64"}}' ;;
              image) echo '[{"Os": "linux", "Architecture": "amd64", "Config": {"Labels": {"flowkit.entry": "flowkit"}}}]' ;;
              port) echo 127.0.0.1:{{{{port}}}} ;;
              inspect) echo '{"OOMKilled": false}' ;;
              run)
                while [ "$1" != own:1 ]; do shift; done
                shift
                for word; do shift; [ "$word" = 51000 ] && word={{{{port}}}}; set -- "$@" "$word"; done
                exec dotnet {{{{Path.Combine(AppContext.BaseDirectory, "flowkit.dll")}}}} "$@" ;;
            esac
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }
}
