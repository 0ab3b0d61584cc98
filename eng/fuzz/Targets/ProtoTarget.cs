using System.Buffers;
using System.Text;
using FlowKit.Wire;
using FlowKit.Wire.Proto;

namespace FlowKit.Fuzz.Targets;

/// <summary>Protobuf requests of a dialect: alone, in lists and with one document; what was read is written and read again, and is the same.</summary>
/// <param name="dialect">The form of their documents.</param>
internal sealed class ProtoTarget(DocArrayDialect dialect) : FuzzTarget
{
    private static readonly long[] s_whole = [9007199254740993];
    private static readonly float[] s_floats = [1, 2, 3, 4];
    private static readonly double[] s_doubles = [0.5, -1];
    private static readonly byte[] s_bytes = [1, 2, 3];
    private static readonly WireException s_exception = new("E", ["a"], ["s"], "x");

    public override string Name => dialect == DocArrayDialect.V1 ? "proto-v1" : "proto-v2";

    /// <summary>An input is read six times; two bytes make a document.</summary>
    public override long AllocationPerByte => 3000;

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        [0x0A, 0x00], [0x12, 0x02, 0x0A, 0x00], [0x22, 0x04, 0x0A, 0x02, 0x0A, 0x00], [0x80, 0x80, 0x80, 0x80, 0x10], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        [0x0B], [0x0C], [0x15, 0, 0, 0xC0, 0x7F], [0x19, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F], Encoding.ASCII.GetBytes("<f4"), Encoding.ASCII.GetBytes("text"), Encoding.ASCII.GetBytes("embedding"),
    ];

    public override IEnumerable<Seed> Seeds() => Requests().SelectMany(request => (Seed[])
    [
        new(request.Name, Bytes(request.Request)),
        new($"list-{request.Name}", ListBytes(request.Request)),
    ]);

    public override void Run(byte[] input)
    {
        Whole(input);
        Lazy(input);
        try
        {
            DataRequestListCodec.Read(input, dialect);
        }
        catch (FlowKitException exception) when (exception.Error.Code == FlowErrorCode.InvalidArgument)
        {
        }

        try
        {
            SingleDocumentRequestCodec.Read(input, dialect);
        }
        catch (FlowKitException exception) when (exception.Error.Code == FlowErrorCode.InvalidArgument)
        {
        }
    }

    private void Whole(byte[] input)
    {
        DataRequest request;
        try
        {
            request = DataRequestCodec.Read(input, dialect);
        }
        catch (FlowKitException exception) when (exception.Error.Code == FlowErrorCode.InvalidArgument)
        {
            return;
        }

        var once = Bytes(request);
        RoundTrip.Check(once, Bytes(DataRequestCodec.Read(once, dialect)));
    }

    /// <summary>Documents that are decoded late are refused like those that are decoded at once.</summary>
    private void Lazy(byte[] input)
    {
        try
        {
            var request = DataRequestCodec.ReadLazily(input, dialect);
            foreach (var document in request.Documents)
            {
                _ = document.Tensor?.Length;
            }
        }
        catch (FlowKitException exception) when (exception.Error.Code == FlowErrorCode.InvalidArgument)
        {
        }
    }

    private byte[] Bytes(DataRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        DataRequestCodec.Write(request, output, dialect);
        return output.WrittenSpan.ToArray();
    }

    private byte[] ListBytes(DataRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        DataRequestListCodec.Write([request, request], output, dialect);
        return output.WrittenSpan.ToArray();
    }

    private static IEnumerable<(string Name, DataRequest Request)> Requests()
    {
        yield return ("empty", new DataRequest());
        yield return ("text", new DataRequest { ExecEndpoint = "/search", RequestId = "r", TargetExecutor = "a", Documents = [new Document("1") { Text = "red apple" }, new Document("2") { Text = "é😀" }] });
        yield return ("arrays", new DataRequest
        {
            Documents =
            [
                new Document("1") { Tensor = NdArray.Wrap(s_floats, 2, 2), Embedding = NdArray.Wrap(s_doubles, 2) },
                new Document("2") { Tensor = NdArray.Wrap(s_bytes, 3), Embedding = NdArray.Wrap(s_whole, 1) },
            ],
        });
        var nested = new Document("1") { Blob = new byte[] { 1, 2, 3 }, MimeType = "image/png", Uri = "a.png" };
        nested.Chunks.Add(new Document("2") { Text = "chunk", ParentId = "1", Granularity = 1 });
        nested.Chunks[0].Matches.Add(new Document("3") { Adjacency = 1, Weight = 0.5f, Offset = 2, Location = [1, 2] });
        nested.Chunks[0].Matches[0].Scores["cosine"] = new NamedScore(0.25f, "x", "d", "2");
        nested.Tags["a"] = new System.Text.Json.Nodes.JsonArray(1, true, null, "x", new System.Text.Json.Nodes.JsonObject { ["b"] = 1.5 });
        yield return ("nested", new DataRequest { Documents = [nested] });
        yield return ("reply", new DataRequest
        {
            Status = new WireStatus(1, "bad", s_exception),
            Routes = [new WireRoute("gateway", DateTimeOffset.UnixEpoch, null, null)],
            Parameters = new Parameters(new System.Text.Json.Nodes.JsonObject { ["limit"] = 3 }),
        });
    }
}
