using System.Net;
using System.Net.Http.Headers;
using FlowKit.Serving.Gateway;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>A flow behind its real gateway, called by plain HTTP: the client must cost as little as it can, since it shares the cores.</summary>
internal sealed class HttpFlow : IAsyncDisposable
{
    private static readonly byte[] s_body = """{"data":[{"text":"a text of a few words"}]}"""u8.ToArray();
    private readonly RuntimeFlow _flow;
    private readonly GatewayHost _gateway;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(100) };
    private readonly Uri _address;

    private HttpFlow(RuntimeFlow flow, GatewayHost gateway)
    {
        (_flow, _gateway) = (flow, gateway);
        _address = new Uri(gateway.Address, "/search");
    }

    public static async Task<HttpFlow> StartAsync(string yaml, params Type[] executors)
    {
        var flow = await RuntimeFlow.StartAsync(yaml, executors);
        return new HttpFlow(flow, await GatewayHost.StartAsync(flow.Runtime, flow.Config, NullLoggerFactory.Instance, CancellationToken.None));
    }

    /// <summary>Posts a document.</summary>
    /// <returns>What was wrong; <see langword="null"/> when all is well.</returns>
    public async Task<FlowErrorCode?> SendAsync()
    {
        using var content = new ByteArrayContent(s_body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await _client.PostAsync(_address, content).ConfigureAwait(false);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => null,
            HttpStatusCode.TooManyRequests => FlowErrorCode.ResourceExhausted,
            HttpStatusCode.ServiceUnavailable => FlowErrorCode.Unavailable,
            _ => FlowErrorCode.Internal,
        };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _flow.DisposeAsync();
    }
}
