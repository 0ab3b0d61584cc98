using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using FlowKit.Specs.Running;

namespace FlowKit.Specs.Monitoring;

/// <summary>What executors measure in processes and containers of their own, at the gateway's <c>/metrics</c>.</summary>
public sealed class WorkerMetricsSpecs : IDisposable
{
    private const string OpenMetrics = "application/openmetrics-text;version=1.0.0";

    private const string Working = @"dotnet_process_memory_working_set_bytes\{executor=";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text/plain")]
    [InlineData(OpenMetrics)]
    public async Task Models_and_indexes_in_processes_are_told_with_their_replica(string accepted)
    {
        await using var flow = await StartAsync();
        await ScrapeAsync(flow, accepted, "flowkit_executor_replicas_ready");
        await IndexAsync(flow, 6);

        var text = await ScrapeAsync(flow, accepted, @"flowkit_clip_tokens_total\{[^}]*executor=""encoder""");
        text = await ScrapeAsync(flow, accepted, @"flowkit_index_documents\{[^}]*executor=""indexer""[^}]*\} 6\b") + text;

        Assert.Matches(@"flowkit_clip_model_calls_total\{executor=""encoder"",shard=""0"",replica=""[01]"",[^}]*model=""tiny-clip"",tower=""text""", text);
        Assert.Matches(@"flowkit_index_documents\{replica=""0"",[^}]*executor=""indexer"",shard=""0""\} 6\b", text);
        Assert.Matches(@"dotnet_process_memory_working_set_bytes\{executor=""encoder"",shard=""0"",replica=""1""", text);
        // Calls are counted where they come from, and not once more where they go.
        Assert.DoesNotMatch(@"flowkit_(executor|request|queue|batch)[a-z_]*\{[^}]*replica=", text);
    }

    [PrometheusFact]
    public async Task Prometheus_reads_them_all_as_one_target()
    {
        await using var flow = await StartAsync();
        using var prometheus = Prometheus.Start(new Uri(flow.Address), "groups: []\n");
        await prometheus.QueryAsync("up{job=\"flowkit\"} == 1").WaitAsync(s_limit);
        await IndexAsync(flow, 4);

        var tokens = await prometheus.QueryAsync("sum by (executor) (flowkit_clip_tokens_total)").WaitAsync(s_limit);
        var documents = await prometheus.QueryAsync("flowkit_index_documents == 4").WaitAsync(s_limit);
        var memory = await prometheus.QueryAsync("count(dotnet_process_memory_working_set_bytes{executor=~\"encoder|indexer\"}) == 3").WaitAsync(s_limit);

        Assert.Equal("encoder", (string?)Assert.Single(tokens)!["metric"]!["executor"]);
        Assert.Equal("indexer", (string?)Assert.Single(documents)!["metric"]!["executor"]);
        Assert.Single(memory);
        await prometheus.QueryAsync("up{job=\"flowkit\"} == 1").WaitAsync(s_limit);
    }

    /// <summary>A worker that stands still is left out after a while; the others are told.</summary>
    [Fact]
    public async Task A_worker_that_does_not_answer_holds_up_nobody()
    {
        await using var flow = await StartAsync();
        await ScrapeAsync(flow, "text/plain", Working);
        var workers = Directory.EnumerateDirectories($"/proc/{flow.Id}/task").SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(child => ProcessTable.CommandOf(child).Contains("--entry", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, workers.Count);
        await SignalAsync("-STOP", workers[0]);
        try
        {
            var began = Stopwatch.GetTimestamp();
            var text = await flow.Http.GetStringAsync("/metrics");

            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(9));
            Assert.Equal(2, Regex.Count(text, Working));
            Assert.Contains("flowkit_executor_replicas_ready{", text, StringComparison.Ordinal);
        }
        finally
        {
            await SignalAsync("-CONT", workers[0]);
        }
    }

    private static async Task SignalAsync(string signal, string process)
    {
        using var kill = Process.Start("kill", [signal, process]);
        await kill.WaitForExitAsync();
    }

    private Task<RunningFlow> StartAsync()
    {
        var file = _folder.File("flow.yml", """
            jtype: Flow
            executors:
              - {name: encoder, uses: ClipTextEncoder, uses_with: {model: tiny-clip}, runtime: process, replicas: 2}
              - {name: indexer, uses: VectorIndexer, runtime: process}
            """);
        return RunningFlow.StartAsync(file, Path.Combine(_folder.Path, "workspace"));
    }

    private static async Task IndexAsync(RunningFlow flow, int documents)
    {
        var data = Enumerable.Range(0, documents).Select(i => new { id = $"{i}", text = $"a picture of {i} apples" });
        using var answer = await flow.Http.PostAsJsonAsync("/post", new { data, execEndpoint = "/index" });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A scrape is kept for a moment, and so is what an index last told.</summary>
    private static async Task<string> ScrapeAsync(RunningFlow flow, string accepted, string expected)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "Accept", accepted } } };
            using var response = await flow.Http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            if (Regex.IsMatch(text, expected))
            {
                Assert.Equal(accepted == OpenMetrics, text.EndsWith("# EOF\n", StringComparison.Ordinal));
                var types = Regex.Matches(text, "^# TYPE ([^ ]+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToList();
                Assert.Equal(types.Distinct(), types);
                return text;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < s_limit, $"{expected} is not in:\n{text}");
            await Task.Delay(200);
        }
    }
}
