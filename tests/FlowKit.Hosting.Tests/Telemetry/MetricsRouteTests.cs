using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FlowKit.Serving.Gateway;
using FlowKit.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace FlowKit.Hosting.Telemetry;

/// <summary><c>/metrics</c> of a gateway.</summary>
public sealed partial class MetricsRouteTests
{
    private const string Flow = "jtype: Flow\nexecutors: [{name: scraped, uses: Upper}]\n";

    [Theory]
    [InlineData("text/plain", "text/plain")]
    [InlineData("application/openmetrics-text;version=1.0.0", "application/openmetrics-text")]
    public async Task It_tells_of_the_flow_in_the_form_that_is_asked_for(string accepted, string type)
    {
        await using var flow = await TestFlow.StartAsync(Flow, typeof(Upper));
        using var metrics = new MetricsRoute();
        await using var gateway = await StartAsync(flow, metrics);
        using var http = new HttpClient { BaseAddress = gateway.Address };
        await http.GetStringAsync("/metrics");
        await flow.PostAsync("/upper", new Document { Text = "a" });

        // A scrape is kept for a moment, so that many of them cost one.
        var (text, mediaType) = ("", (string?)null);
        while (!Counted().IsMatch(text))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "Accept", accepted } } };
            using var response = await http.SendAsync(request).WithTimeout();
            (text, mediaType) = (await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType!.MediaType);
        }

        Assert.Equal(type, mediaType);
        Assert.Contains("flowkit_executor_replicas_ready{", text, StringComparison.Ordinal);
        Assert.Contains("# HELP flowkit_queue_wait_seconds ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_asks_for_a_key_as_other_routes_do()
    {
        await using var flow = await TestFlow.StartAsync(Flow + "with: {api_keys: a-key-of-thirty-two-characters-31}\n", typeof(Upper));
        using var metrics = new MetricsRoute();
        await using var gateway = await StartAsync(flow, metrics);
        using var http = new HttpClient { BaseAddress = gateway.Address };

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/metrics")).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", "a-key-of-thirty-two-characters-31");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/metrics")).StatusCode);
    }

    /// <summary>A sampled request's trace stands at the histograms, in OpenMetrics alone: the text form has no exemplars.</summary>
    [Fact]
    public async Task A_histogram_leads_to_the_trace_of_a_sampled_request()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        await using var flow = await TestFlow.StartAsync(Flow, typeof(Upper));
        using var metrics = new MetricsRoute();
        using var traces = Sdk.CreateTracerProviderBuilder().AddFlowSources().Build();
        await using var gateway = await StartAsync(flow, metrics);
        using var http = new HttpClient { BaseAddress = gateway.Address };
        await http.GetStringAsync("/metrics");
        foreach (var flags in (string[])["00", "01"])
        {
            using var post = new HttpRequestMessage(HttpMethod.Post, "/post")
            {
                Headers = { { "traceparent", $"00-{(flags == "01" ? Trace : "deadbeefdeadbeefdeadbeefdeadbeef")}-00f067aa0ba902b7-{flags}" } },
                Content = new StringContent("""{"data":[{"text":"a"}],"execEndpoint":"/upper"}""", Encoding.UTF8, "application/json"),
            };
            using var answer = await http.SendAsync(post);
            answer.EnsureSuccessStatusCode();
        }

        // Other tests of this process have exemplars of their own.
        var text = "";
        while (!ExemplarsOf("flowkit_request_duration_seconds", text).Contains(Trace))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "Accept", "application/openmetrics-text;version=1.0.0" } } };
            using var response = await http.SendAsync(request).WithTimeout();
            text = await response.Content.ReadAsStringAsync();
        }

        Assert.Contains(Trace, ExemplarsOf("flowkit_executor_duration_seconds", text));
        Assert.DoesNotContain("deadbeef", text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> ExemplarsOf(string histogram, string text) =>
        Regex.Matches(text, $$"""{{histogram}}_bucket\{[^}]*\} \S+ # \{[^}]*trace_id="(?<trace>[0-9a-f]+)""")
            .Select(match => match.Groups["trace"].Value);

    private static Task<GatewayHost> StartAsync(TestFlow flow, MetricsRoute metrics) =>
        GatewayHost.StartAsync(flow.Runtime, flow.Config, NullLoggerFactory.Instance, [metrics], CancellationToken.None);

    [GeneratedRegex("""flowkit_executor_duration_seconds_count\{[^}]*executor="scraped"[^}]*\} 1""")]
    private static partial Regex Counted();
}
