using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Serving.Gateway;
using FlowKit.TestKit;

namespace FlowKit.Conformance.Compat;

/// <summary>A flow of one scripted executor behind a gateway with routes of other systems.</summary>
internal sealed class CompatServer : IAsyncDisposable
{
    private readonly GatewayHost _host;

    private CompatServer(TestFlow flow, GatewayHost host)
    {
        (Flow, _host) = (flow, host);
        Http = new HttpClient { BaseAddress = host.Address, Timeout = TestTimeout.Limit };
    }

    public TestFlow Flow { get; }

    public HttpClient Http { get; }

    /// <param name="gateway">Keys of <c>gateway:</c>, each with a comma before it.</param>
    /// <param name="body">The executor's work.</param>
    public static async Task<CompatServer> StartAsync(string gateway, Func<ScriptedCall, ValueTask<object?>> body)
    {
        var flow = await TestFlow.StartAsync(FlowText.Chain("a, failure_threshold: 1000").WithGateway($"port: 0{gateway}"), new FlowScript().On("a", body));
        return new CompatServer(flow, await GatewayHost.StartAsync(flow.Runtime, flow.Config, flow.Options.Loggers, CancellationToken.None));
    }

    public static async Task<JsonNode> ReadAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync()) ?? throw new InvalidOperationException("The reply is null.");

    public async Task<(HttpStatusCode Status, JsonNode Reply)> PostAsync(CompatRoute route, string body)
    {
        using var response = await SendAsync(route, body);
        return (response.StatusCode, await ReadAsync(response));
    }

    public Task<(HttpStatusCode Status, JsonNode Reply)> PostAsync(CompatRoute route, JsonArray items) =>
        PostAsync(route, route.Body(items).ToJsonString());

    public Task<HttpResponseMessage> SendAsync(CompatRoute route, string body, CancellationToken cancellationToken = default) =>
        Http.PostAsync(route.Path, new StringContent(body, Encoding.UTF8, "application/json"), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        await Flow.DisposeAsync();
    }
}
