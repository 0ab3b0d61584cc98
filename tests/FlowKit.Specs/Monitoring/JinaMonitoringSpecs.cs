using System.Net.Http.Json;
using System.Text.RegularExpressions;
using FlowKit.Specs.Running;

namespace FlowKit.Specs.Monitoring;

/// <summary>Flows that Jina's own keys have watched: by a real Prometheus at their ports, and by a real receiver of OTLP.</summary>
public sealed partial class JinaMonitoringSpecs : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    public JinaMonitoringSpecs() => _folder.File(
        "Pass.cs", "public sealed class Pass : Executor { [Requests] public static void All(DocumentArray docs) { } }");

    /// <summary>What Jina's boards for Grafana ask, with a pod in the place of the one that is chosen.</summary>
    public static IReadOnlyList<string> BoardQueries =>
    [
        "label_replace(jina_document_processed_created, \"seen\", \"$1\", \"executor_endpoint\", \"(.+)\")",
        "jina_document_processed_total{runtime_name=\"near/rep-0\"}",
        "jina_process_request_seconds_count{runtime_name=\"near/rep-0\"}",
        "jina_process_request_seconds_sum{runtime_name=\"beside/rep-0\"} / jina_process_request_seconds_count{runtime_name=\"beside/rep-0\"}",
        "jina_receiving_request_seconds_count{runtime_name=~\"gateway.*\"}",
        "jina_receiving_request_seconds_sum / jina_receiving_request_seconds_count",
        "jina_receiving_request_seconds_sum{runtime_name=\"near/rep-0\"} / jina_receiving_request_seconds_count{runtime_name=\"near/rep-0\"}",
        "jina_sending_request_seconds_sum / jina_sending_request_seconds_count",
        "histogram_quantile(0.99, sum(rate(jina_receiving_request_seconds_bucket[5s])) by (le)) > 0",
        "jina_number_of_pending_requests{runtime_name=\"gateway/rep-0\"}",
        "jina_successful_requests_total{runtime_name=\"gateway/rep-0\"} > 3",
        "jina_request_size_bytes_sum{executor=\"Pass\", executor_endpoint=\"/run\", runtime_name=\"near/rep-0\"} > 0",
    ];

    public void Dispose() => _folder.Dispose();

    [PrometheusFact]
    public async Task Prometheus_answers_what_Jinas_boards_ask()
    {
        var file = _folder.File("flow.yml", """
            jtype: Flow
            with: {monitoring: true}
            executors:
              - {name: near, uses: ./Pass.cs}
              - {name: beside, uses: ./Pass.cs, runtime: process}
            """);
        await using var flow = await RunningFlow.StartAsync(file, Path.Combine(_folder.Path, "workspace"));
        var ports = Told().Matches(flow.Log).ToDictionary(match => match.Groups["pod"].Value, match => new Uri(match.Groups["address"].Value));
        Assert.Equal(["beside", "gateway", "near"], ports.Keys.Order(StringComparer.Ordinal));
        using var prometheus = Prometheus.Start([.. ports.Values], "groups: []");
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(flow, stop.Token);

        foreach (var query in BoardQueries)
        {
            await prometheus.QueryAsync(query).WaitAsync(s_limit);
        }

        await stop.CancelAsync();
        await load;
    }

    [AspireFact]
    public async Task Each_pod_sends_its_spans_as_a_service_of_its_own()
    {
        const string Trace = "0af7651916cd43dd8448eb211c803200";
        using var dashboard = AspireDashboard.Start();
        var receiver = new Uri(dashboard.Endpoint);
        var file = _folder.File("flow.yml", $$"""
            jtype: Flow
            with: {tracing: true, traces_exporter_host: 'http://{{receiver.Host}}', traces_exporter_port: {{receiver.Port}}}
            executors:
              - {name: near, uses: ./Pass.cs}
              - {name: silent, uses: ./Pass.cs, tracing: false}
              - {name: beside, uses: ./Pass.cs, runtime: process}
            """);
        var start = FlowKitCommand.StartInfo("run", file, "--port", "0", "--workspace", Path.Combine(_folder.Path, "workspace"));
        start.Environment["OTEL_BSP_SCHEDULE_DELAY"] = "200";
        await using var flow = await RunningFlow.StartAsync(start);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/post")
        {
            Headers = { { "traceparent", $"00-{Trace}-b7ad6b7169203331-01" } },
            Content = JsonContent.Create(new { data = new[] { new { text = "a" } }, execEndpoint = "/run" }),
        };
        using var response = await flow.Http.SendAsync(request);
        var spans = await dashboard.TraceAsync(
            Trace, ("gateway/rep-0", "POST /post"), ("near/rep-0", "near"), ("beside/rep-0", "beside")).WaitAsync(s_limit);

        Assert.DoesNotContain(spans, span => span.Name == "silent");
        Assert.Equal(["POST /post"], spans.Where(span => span.Service == "gateway/rep-0").Select(span => span.Name));
    }

    [PrometheusFact]
    public async Task An_executor_that_is_served_alone_tells_of_itself()
    {
        await using var executor = await RunningFlow.StartExecutorAsync(
            Path.Combine(_folder.Path, "alone"),
            "--uses", Path.Combine(_folder.Path, "Pass.cs"), "--name", "alone", "--gateway", "monitoring=true");
        var address = Told().Match(executor.Log).Groups["address"].Value;
        await using var flow = await RunningFlow.StartAsync(
            _folder.File("flow.yml", $"jtype: Flow\nexecutors:\n- {{external: true, port: {new Uri(executor.Address).Port}}}\n"),
            Path.Combine(_folder.Path, "workspace"));
        using var prometheus = Prometheus.Start([new Uri(address)], "groups: []");
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(flow, stop.Token);

        await prometheus.QueryAsync("jina_document_processed_total{runtime_name=\"alone/rep-0\", executor_endpoint=\"/run\"} > 1").WaitAsync(s_limit);
        await prometheus.QueryAsync("sum(flowkit_executor_documents_total{executor=\"alone\"}) > 1").WaitAsync(s_limit);
        await prometheus.QueryAsync("dotnet_process_memory_working_set_bytes > 0").WaitAsync(s_limit);

        await stop.CancelAsync();
        await load;
    }

    private static async Task LoadAsync(RunningFlow flow, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var response = await flow.Http.PostAsJsonAsync(
                    "/post", new { data = new[] { new { text = "a" } }, execEndpoint = "/run" }, stop);
                await Task.Delay(20, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The queries are answered.
        }
    }

    [GeneratedRegex(@"^metrics +(?<address>http://\S+) +(?<pod>\w+)", RegexOptions.Multiline)]
    private static partial Regex Told();
}
