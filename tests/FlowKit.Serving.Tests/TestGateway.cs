using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.TestKit;
using FlowKit.Wire.Grpc.Client;

namespace FlowKit.Serving.Gateway;

/// <summary>A flow behind a real gateway on a free port, and ways to talk to it.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly GatewayHost _host;

    private TestGateway(TestFlow flow, GatewayHost host)
    {
        Flow = flow;
        _host = host;
        Grpc = host.GrpcAddress is { } address ? new GrpcConnection(address) : null;
        Http = new HttpClient { BaseAddress = new UriBuilder(host.Address) { Host = host.Address.Host.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal) }.Uri, Timeout = TestTimeout.Limit };
    }

    public TestFlow Flow { get; }

    public FlowScript Script => Flow.Script;

    public GatewayHost Host => _host;

    public HttpClient Http { get; }

    /// <summary>Where the gateway speaks gRPC.</summary>
    public GrpcConnection? Grpc { get; }

    public static Task<TestGateway> StartAsync(string settings = "", FlowScript? script = null) =>
        StartAsync(FlowText.Chain("a").WithGateway($"port: 0{(settings.Length > 0 ? ", " : "")}{settings}"), new TestFlowOptions { Script = script ?? new FlowScript() });

    public static async Task<TestGateway> StartAsync(string yaml, TestFlowOptions options, GatewayLimits? limits = null)
    {
        var flow = await TestFlow.StartAsync(yaml, options);
        try
        {
            var host = await GatewayHost.StartAsync(flow.Runtime, flow.Config, options.Loggers, limits ?? new GatewayLimits(), [], CancellationToken.None);
            return new TestGateway(flow, host);
        }
        catch
        {
            await flow.DisposeAsync();
            throw;
        }
    }

    public Task<HttpResponseMessage> PostAsync(string json, string path = "/post", string type = "application/json") =>
        Http.PostAsync(path, new StringContent(json, Encoding.UTF8, type));

    public async Task<(HttpStatusCode Status, JsonNode Body)> AskAsync(string json, string path = "/post")
    {
        using var response = await PostAsync(json, path);
        return (response.StatusCode, (await ReadAsync(response))!);
    }

    /// <summary>Asks for events, and returns when the first comes or something else is answered.</summary>
    public Task<HttpResponseMessage> StreamAsync(string json, string path = "/post", CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("text/event-stream");
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public static async IAsyncEnumerable<(string Name, string Data)> EventsAsync(HttpResponseMessage response)
    {
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            yield return (item.EventType, item.Data);
        }
    }

    public static async Task<JsonNode?> ReadAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStreamAsync());

    /// <summary>Sends bytes as they are and reads until the gateway closes.</summary>
    public async Task<string> RawAsync(ReadOnlyMemory<byte> request, bool half = false)
    {
        using var client = await ConnectAsync();
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request);
            if (half)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (IOException)
        {
            // The gateway may answer and close before it has read everything.
        }

        return await ReadToEndAsync(stream);
    }

    public Task<string> RawAsync(string request) => RawAsync(Encoding.UTF8.GetBytes(request));

    public async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(_host.Address.Host, _host.Address.Port);
        return client;
    }

    public static async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        using var limit = new CancellationTokenSource(TestTimeout.Limit);
        var bytes = new MemoryStream();
        try
        {
            await stream.CopyToAsync(bytes, limit.Token);
        }
        catch (IOException)
        {
            // A reset after the answer.
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Grpc?.Dispose();
        await _host.DisposeAsync();
        await Flow.DisposeAsync();
    }
}
