using System.Net;
using System.Text.RegularExpressions;
using FlowKit.Serving.Gateway;
using FlowKit.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

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

    private static Task<GatewayHost> StartAsync(TestFlow flow, MetricsRoute metrics) =>
        GatewayHost.StartAsync(flow.Runtime, flow.Config, NullLoggerFactory.Instance, [metrics], CancellationToken.None);

    [GeneratedRegex("""flowkit_executor_duration_seconds_count\{[^}]*executor="scraped"[^}]*\} 1""")]
    private static partial Regex Counted();
}
