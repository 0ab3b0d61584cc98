using System.Buffers;
using System.Net.Http.Headers;
using FlowKit.Wire;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Proto;
using Grpc.Core;

namespace FlowKit.Benchmarks.Jina;

/// <summary>A gateway of Jina's protocol, FlowKit's or Jina's, asked with bytes that are made once.</summary>
/// <param name="grpc">Its address for gRPC.</param>
/// <param name="http">Its address for HTTP.</param>
internal sealed class PeerGateway(Uri grpc, Uri http) : IDisposable
{
    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create(static message => message, static message => message);
    private static readonly Method<byte[], byte[]> s_unary = new(
        MethodType.Unary, "jina.JinaSingleDataRequestRPC", "process_single_data", s_bytes, s_bytes);

    private static readonly Method<byte[], byte[]> s_stream = new(MethodType.DuplexStreaming, "jina.JinaRPC", "Call", s_bytes, s_bytes);

    private readonly GrpcConnection _connection = new(grpc);
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan }) { BaseAddress = http };

    /// <summary>The ways in which it is asked.</summary>
    public static IReadOnlyList<string> Ways { get; } = ["HTTP", "gRPC unary", "gRPC stream"];

    /// <summary>Asks for some seconds.</summary>
    /// <param name="way">One of <see cref="Ways"/>.</param>
    /// <param name="documents">The documents of a request.</param>
    /// <param name="callers">The requests under way at once; those of a stream are all on one.</param>
    /// <param name="seconds">How long.</param>
    /// <returns>Requests per second.</returns>
    public async Task<double> RunAsync(string way, int documents, int callers, double seconds)
    {
        var message = Message(documents);
        var load = new TimedLoad(seconds);
        switch (way)
        {
            case "HTTP":
                var json = Json(documents);
                return await load.RunAsync(callers, () => PostAsync(json));
            case "gRPC unary":
                return await load.RunAsync(callers, async () => Check(await _connection.UnaryAsync(s_unary, message)));
            default:
                return await StreamAsync(load, message, callers);
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _http.Dispose();
    }

    private static byte[] Message(int documents)
    {
        var message = new ArrayBufferWriter<byte>();
        var array = new DocumentArray(Enumerable.Range(0, documents).Select(index => new Document($"{index}") { Text = "a text of a few words" }));
        DataRequestCodec.Write(new DataRequest { RequestId = new string('a', 32), ExecEndpoint = "/search", Documents = array }, message);
        return message.WrittenSpan.ToArray();
    }

    private static byte[] Json(int documents) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new
    {
        execEndpoint = "/search",
        data = Enumerable.Range(0, documents).Select(index => new { id = $"{index}", text = "a text of a few words" }),
    });

    private static void Check(byte[] reply)
    {
        if (DataRequestCodec.ReadLazily(reply, DocArrayDialect.V1).Status is { Code: not 0 } status)
        {
            throw new InvalidOperationException(status.Message);
        }
    }

    private async Task PostAsync(byte[] json)
    {
        using var content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await _http.PostAsync(new Uri("/post", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        _ = await response.Content.ReadAsByteArrayAsync();
    }

    private async Task<double> StreamAsync(TimedLoad load, byte[] message, int inFlight)
    {
        using var call = _connection.Calls.AsyncDuplexStreamingCall(s_stream, null, new CallOptions());
        var rate = await load.RunAsync(
            inFlight, () => call.RequestStream.WriteAsync(message), async () => Check(await NextAsync(call.ResponseStream)));
        await call.RequestStream.CompleteAsync();
        return rate;
    }

    private static async Task<byte[]> NextAsync(IAsyncStreamReader<byte[]> replies) =>
        await replies.MoveNext(CancellationToken.None) ? replies.Current : throw new InvalidOperationException("The stream has ended.");
}
