using System.Buffers;
using FlowKit.Benchmarks.Runtime;
using FlowKit.Wire;
using FlowKit.Wire.Proto;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf;

namespace FlowKit.Benchmarks.Wire;

/// <summary>Our protobuf codec on documents with embeddings, against Google's generated classes and a copy of the same bytes.</summary>
internal static class CodecBenchmark
{
    private const int Documents = 32;
    private const int Dimensions = 512;
    private const int CallsBetweenLooks = 50;

    public static async Task<int> RunAsync(int repeats)
    {
        var request = Request();
        var output = new ArrayBufferWriter<byte>();
        DataRequestCodec.Write(request, output);
        var bytes = output.WrittenSpan.ToArray();
        var message = DataRequestProto.Parser.ParseFrom(bytes);
        var copy = new byte[bytes.Length];

        var decode = await Race.RunAsync(
            $"decode, {Dimensions} floats each",
            repeats,
            Documents,
            Contend("flow", () => DataRequestCodec.Read(bytes)),
            Contend("flow, documents left undecoded", () => DataRequestCodec.ReadLazily(bytes)),
            Contend("Google.Protobuf", () => DataRequestProto.Parser.ParseFrom(bytes)),
            Contend("copy", () => bytes.CopyTo(copy, 0)));
        Print("decode", decode, "flow");
        Print("decode lazily", decode, "flow, documents left undecoded");

        var lazy = DataRequestCodec.ReadLazily(bytes);
        var encode = await Race.RunAsync(
            $"encode, {Dimensions} floats each",
            repeats,
            Documents,
            Contend("flow", () => Write(output, () => DataRequestCodec.Write(request, output))),
            Contend("flow, documents left undecoded", () => Write(output, () => DataRequestCodec.Write(lazy, output))),
            Contend("Google.Protobuf", () => Write(output, () => message.WriteTo(output))),
            Contend("Google.Protobuf, message made", () => Write(output, () => Make(request).WriteTo(output))),
            Contend("copy", () => bytes.CopyTo(copy, 0)));
        Print("encode", encode, "flow");
        Report.Line($"encode: {encode.Time("flow", "Google.Protobuf, message made"):0.00} of the time of Google.Protobuf whose message is made of the documents, without a copy");
        Print("encode lazily", encode, "flow, documents left undecoded");
        return 0;
    }

    private static DataRequest Request()
    {
        var random = new Random(7);
        var documents = Enumerable.Range(0, Documents).Select(i => new Document($"{i:x32}")
        {
            Text = $"document {i}",
            Embedding = NdArray.Wrap([.. Enumerable.Range(0, Dimensions).Select(_ => random.NextSingle())], Dimensions),
        });
        return new DataRequest { RequestId = new string('0', 32), ExecEndpoint = "/index", Documents = new DocumentArray(documents) };
    }

    /// <summary>Google's message of the same documents, over the same memory.</summary>
    private static DataRequestProto Make(DataRequest request)
    {
        var list = new DocumentArrayProto();
        foreach (var document in request.Documents)
        {
            var dense = new DenseNdArrayProto { Buffer = UnsafeByteOperations.UnsafeWrap(document.Embedding!.Bytes), Shape = { Dimensions }, Dtype = "<f4" };
            list.Docs.Add(new DocumentProto { Id = document.Id, Text = document.Text, Embedding = new NdArrayProto { Dense = dense, ClsName = "numpy" } });
        }

        return new DataRequestProto
        {
            Header = new HeaderProto { RequestId = request.RequestId, ExecEndpoint = request.ExecEndpoint },
            Parameters = new(),
            Data = new() { Docs = list },
        };
    }

    private static void Write(ArrayBufferWriter<byte> output, Action write)
    {
        output.ResetWrittenCount();
        write();
    }

    private static Contender Contend(string name, Action work) => new(name, turn =>
    {
        var began = TimeProvider.System.GetTimestamp();
        long count = 0;
        while (TimeProvider.System.GetElapsedTime(began) < turn)
        {
            for (var i = 0; i < CallsBetweenLooks; i++, count++)
            {
                work();
            }
        }

        return Task.FromResult(count);
    });

    private static void Print(string name, Race race, string ours) =>
        Report.Line($"{name}: {race.Time(ours, "Google.Protobuf"):0.00} of the time of Google.Protobuf, {race.Time(ours, "copy"):0.00} of a copy");
}
