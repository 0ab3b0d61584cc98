using System.Net;
using FlowKit.Benchmarks.Runtime;
using FlowKit.Client;
using FlowKit.Serving.Gateway;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowKit.Benchmarks.Wire;

/// <summary>
/// R5: documents with and without an embedding of 512 floats through a no-op flow, there and back by the client; and how near the bytes of embeddings
/// and of whole pictures come to what loopback copies.
/// </summary>
internal static class TransferBenchmark
{
    private const int Callers = 8;
    private const int Documents = 32;
    private const int Dimensions = 512;
    private const int Side = 512;
    private const string Loopback = "loopback, same bytes";
    private const string Http2 = "bare HTTP/2 echo, same bytes";
    private const string Http1 = "bare HTTP/1.1 echo, base64 bytes";

    private const string Yaml = """
        jtype: Flow
        executors: [{name: e0, uses: NoOp}]
        gateway: {protocol: [http, grpc], port: [0, 0]}
        """;

    public static async Task<int> RunAsync(int repeats)
    {
        await using var flow = await RuntimeFlow.StartAsync(Yaml, typeof(NoOp));
        await using var gateway = await GatewayHost.StartAsync(flow.Runtime, flow.Config, NullLoggerFactory.Instance, CancellationToken.None);
        await using var grpc = new FlowClient(new UriBuilder(gateway.GrpcAddress!) { Scheme = "grpc" }.ToString());
        await using var http = new FlowClient(gateway.HttpAddress!.ToString());
        await EmbeddingsAsync(grpc, http, repeats);
        await PicturesAsync(grpc, http, repeats);
        return 0;
    }

    private static async Task EmbeddingsAsync(FlowClient grpc, FlowClient http, int repeats)
    {
        var plain = Make(Documents, _ => new Document { Text = "a text of a few words" });
        var vectors = Make(Documents, index => new Document { Text = "a text of a few words", Embedding = NdArray.Wrap(Vector(index), Dimensions) });
        const int bytes = Documents * Dimensions * sizeof(float);
        await using var echo = await LoopbackEcho.StartAsync(Callers, bytes);
        await using var http2 = await KestrelEcho.StartAsync(HttpVersion.Version20, bytes);
        await using var http1 = await KestrelEcho.StartAsync(HttpVersion.Version11, bytes / 3 * 4);
        var race = await Race.RunAsync(
            $"{Callers} callers, documents with {Dimensions} floats and without",
            repeats,
            Documents,
            Of("grpc", grpc, plain),
            Of("grpc, embeddings", grpc, vectors),
            Of("http", http, plain),
            Of("http, embeddings as base64", http, vectors),
            new Contender(Http2, turn => Runtime.Callers.RunAsync(Callers, turn, http2.SendAsync)),
            new Contender(Http1, turn => Runtime.Callers.RunAsync(Callers, turn, http1.SendAsync)),
            new Contender(Loopback, turn => Runtime.Callers.RunAsync(Callers, turn, echo.SendAsync)));
        Report.AtLeast("R5 grpc", race.Time("grpc", "grpc, embeddings"), 0.8);
        Report.AtLeast("R5 http base64", race.Time("http", "http, embeddings as base64"), 0.8);
        Rates(race, bytes, "grpc, embeddings", "http, embeddings as base64", Http2, Http1, Loopback);
        Report.AtLeast("R5 grpc, embeddings / bare HTTP/2 echo", race.Time(Http2, "grpc, embeddings"), 0.6);
        Report.AtLeast("R5 http base64 / bare HTTP/1.1 echo", race.Time(Http1, "http, embeddings as base64"), 0.6);
    }

    private static async Task PicturesAsync(FlowClient grpc, FlowClient http, int repeats)
    {
        const int bytes = Side * Side * 3;
        var picture = Make(1, _ => new Document { Tensor = NdArray.Wrap(new byte[bytes], Side, Side, 3) });
        await using var echo = await LoopbackEcho.StartAsync(Callers, bytes);
        await using var http2 = await KestrelEcho.StartAsync(HttpVersion.Version20, bytes);
        await using var http1 = await KestrelEcho.StartAsync(HttpVersion.Version11, bytes / 3 * 4);
        var race = await Race.RunAsync(
            $"{Callers} callers, a picture of {Side} x {Side} x 3 bytes",
            repeats,
            1,
            Of("grpc, picture", grpc, picture),
            Of("http, picture as base64", http, picture),
            new Contender(Http2, turn => Runtime.Callers.RunAsync(Callers, turn, http2.SendAsync)),
            new Contender(Http1, turn => Runtime.Callers.RunAsync(Callers, turn, http1.SendAsync)),
            new Contender(Loopback, turn => Runtime.Callers.RunAsync(Callers, turn, echo.SendAsync)));
        Rates(race, bytes, "grpc, picture", "http, picture as base64", Http2, Http1, Loopback);
        Report.AtLeast("R5 grpc, picture / bare HTTP/2 echo", race.Time(Http2, "grpc, picture"), 0.6);
        Report.AtLeast("R5 http, picture as base64 / bare HTTP/1.1 echo", race.Time(Http1, "http, picture as base64"), 0.6);
    }

    private static Contender Of(string name, FlowClient client, DocumentArray documents) =>
        new(name, turn => Runtime.Callers.RunAsync(Callers, turn, async _ => await client.PostAsync("/run", documents).ConfigureAwait(false)));

    /// <summary>Both ways: what is sent is also answered.</summary>
    private static void Rates(Race race, int bytes, params string[] names)
    {
        foreach (var name in names)
        {
            var rate = 2 * bytes / race.Nanoseconds(name) * 1000;
            Report.Line($"   {name,-30} {rate:0} MB/s, {race.Time(Loopback, name):0.00} of loopback");
        }
    }

    private static float[] Vector(int seed) => [.. Enumerable.Range(0, Dimensions).Select(at => MathF.Sin((seed * Dimensions) + at))];

    private static DocumentArray Make(int count, Func<int, Document> make) => new(Enumerable.Range(0, count).Select(make));
}
