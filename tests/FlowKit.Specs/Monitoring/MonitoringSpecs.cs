using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Specs.Running;
using FlowKit.Telemetry;

namespace FlowKit.Specs.Monitoring;

/// <summary>A running flow, watched by the programs that people watch flows with.</summary>
public sealed partial class MonitoringSpecs : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>Of each library that measures, a type.</summary>
    private static readonly Type[] s_measured =
        [
            typeof(FlowTelemetry), typeof(Clip.ClipModel), typeof(VectorStores.VectorStoreExecutor), typeof(Orchestration.Devices.GpuPlanner),
            typeof(Serving.Gateway.GatewayHost),
        ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PrometheusFact]
    public async Task Prometheus_answers_every_query_of_the_board_and_fires_by_a_real_fault()
    {
        await using var flow = await BoardFlow.StartAsync(_folder);
        // The rules as they are, but for the time that a fault must last.
        var rules = Lasting().Replace(await File.ReadAllTextAsync(Repository.At("docs", "monitoring", "alerts.yml")), "for: 0s");
        using var prometheus = Prometheus.Start(new Uri(flow.Address), rules);
        await prometheus.QueryAsync("up{job=\"flowkit\"} == 1").WaitAsync(s_limit);
        using var stop = new CancellationTokenSource();
        var load = BoardFlow.LoadAsync(flow, stop.Token);

        var unanswered = await Task.WhenAll(BoardQueries().Select(
            query => AnswersAsync(prometheus, query.Replace("$__rate_interval", "10s", StringComparison.Ordinal))));
        Assert.Empty(unanswered.OfType<string>());
        var text = await flow.Http.GetStringAsync("/metrics", stop.Token);
        Assert.All(Named().Matches(rules).Select(match => match.Value), name => Assert.Contains($"\n{name}{{", text, StringComparison.Ordinal));
        await BoardFlow.BreakAsync(flow, _folder.Path).WaitAsync(s_limit);
        var labels = await prometheus.FiringAsync("ExecutorCannotServe").WaitAsync(s_limit);
        await stop.CancelAsync();
        await load;

        Assert.Equal("brittle", (string?)labels["executor"]);
        await flow.StopAsync();
        await prometheus.FiringAsync("FlowDown").WaitAsync(s_limit);
    }

    [AspireFact]
    public async Task A_trace_goes_over_processes_and_machines_and_is_received_whole()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        using var dashboard = AspireDashboard.Start();
        _folder.File("Pass.cs", "public sealed class Pass : Executor { [Requests] public static void All(DocumentArray docs) { } }");
        await using var remote = await RunningFlow.StartExecutorAsync(
            Sending(dashboard, "remote", "executor", "--uses", "./Pass.cs", "--name", "far", "--port", "0"));
        var file = _folder.File("flow.yml", $$"""
            jtype: Flow
            executors:
              - {name: near, uses: ./Pass.cs}
              - {name: batched, uses: ./Pass.cs, uses_dynamic_batching: {/run: {preferred_batch_size: 4, timeout: 10} } }
              - {name: beside, uses: ./Pass.cs, runtime: process}
              - {name: far, uses: ./Pass.cs, external: true, host: 127.0.0.1, port: {{new Uri(remote.Address).Port}} }
            """);
        await using var flow = await RunningFlow.StartAsync(Sending(dashboard, "flowkit", "run", file, "--port", "0"));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/post")
        {
            Headers = { { "traceparent", $"00-{Trace}-b7ad6b7169203331-01" } },
            Content = JsonContent.Create(new { data = new[] { new { text = "a" } }, execEndpoint = "/run" }),
        };
        using var response = await flow.Http.SendAsync(request);
        var spans = await dashboard.TraceAsync(
            Trace,
            ("flowkit", "POST /post"),
            ("flowkit", "near"),
            ("flowkit", "batched"),
            ("flowkit", "beside"),
            ("flowkit", "far"),
            ("flowkit-worker", "beside"),
            ("remote", "far")).WaitAsync(s_limit);

        var gateway = Assert.Single(spans, span => span.Name == "POST /post");
        Assert.Equal("b7ad6b7169203331", gateway.Parent);
        Assert.All(spans.Where(span => span.Service == "flowkit" && span != gateway), span => Assert.Equal(gateway.Id, span.Parent));
        foreach (var (service, name) in new[] { ("flowkit-worker", "beside"), ("remote", "far") })
        {
            var worked = Assert.Single(spans, span => span.Service == service && span.Name == name);
            var received = Assert.Single(spans, span => span.Id == worked.Parent);
            Assert.Equal(Assert.Single(spans, span => span.Service == "flowkit" && span.Name == name).Id, received.Parent);
        }
    }

    [Fact]
    public void The_page_names_every_instrument_and_no_other()
    {
        List<string> made = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == FlowTelemetry.Name)
                {
                    made.Add(instrument.Name);
                }
            },
        };

        // Instruments are made with the classes that use them.
        foreach (var type in s_measured.SelectMany(type => type.Assembly.GetTypes()).Where(HasMeter))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        listener.Start();

        var rows = File.ReadLines(Repository.At("docs", "monitoring.md")).Where(line => Row().IsMatch(line));
        var named = rows.SelectMany(row => Instrument().Matches(row.Split('|')[1]).Select(match => match.Value));

        Assert.Equal(made.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    private static bool HasMeter(Type type) =>
        !type.ContainsGenericParameters
        && type.GetFields(BindingFlags.Static | BindingFlags.NonPublic).Any(field => field.FieldType == typeof(Meter) || typeof(Instrument).IsAssignableFrom(field.FieldType));

    private ProcessStartInfo Sending(AspireDashboard dashboard, string service, params string[] arguments)
    {
        var start = FlowKitCommand.StartInfo([.. arguments, "--workspace", Path.Combine(_folder.Path, $"workspace-{service}")]);
        start.WorkingDirectory = _folder.Path;
        start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = dashboard.Endpoint;
        if (service != "flowkit")
        {
            start.Environment["OTEL_SERVICE_NAME"] = service;
        }

        start.Environment["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        return start;
    }

    /// <returns>A query that has no series; <see langword="null"/> for one that has.</returns>
    private static async Task<string?> AnswersAsync(Prometheus prometheus, string query)
    {
        try
        {
            await prometheus.QueryAsync(query).WaitAsync(s_limit);
            return null;
        }
        catch (TimeoutException)
        {
            return query;
        }
    }

    private static IEnumerable<string> BoardQueries()
    {
        var board = JsonNode.Parse(File.ReadAllText(Repository.At("docs", "monitoring", "board.json")))!;
        return board["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray().Select(target => (string)target!["expr"]!));
    }

    [GeneratedRegex(@"\b(flowkit|hw_gpu)_[a-z_]+")]
    private static partial Regex Named();

    [GeneratedRegex("for: [0-9]+m")]
    private static partial Regex Lasting();

    [GeneratedRegex(@"^\| `(flowkit|hw)\.")]
    private static partial Regex Row();

    [GeneratedRegex(@"(flowkit|hw)\.[a-z._]+")]
    private static partial Regex Instrument();
}
