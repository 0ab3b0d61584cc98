using System.Buffers;
using System.Text.Json;
using FlowKit.Wire;
using FlowKit.Wire.Json;

namespace FlowKit.Fuzz.Targets;

/// <summary>JSON bodies. What was read is written, in both forms of arrays, read again, and is the same.</summary>
internal sealed class JsonTarget : FuzzTarget
{
    public override string Name => "json";

    public override long AllocationPerByte => 4000;

    public override IReadOnlyList<byte[]> Tokens { get; } =
        Split("\"data\": \"docs\": \"parameters\": \"execEndpoint\": \"targetExecutor\": \"header\": \"text\": \"blob\": \"uri\": \"tags\": \"tensor\": \"embedding\": \"chunks\": \"matches\": \"scores\": "
            + "\"shape\": \"dtype\": \"float32\" \"<f4\" \">f4\" \"bfloat16\" \"int64\" \"bool\" null true false [ ] { } , : \"id\": {} [] 1e39 -0.0 9007199254740993 \\ud800 \"\\u0000\" \"buffer\": \"data\":[{");

    public override IEnumerable<Seed> Seeds() =>
    [
        new("text", """{"data": [{"text": "red apple"}, {"id": "2", "text": "é😀"}], "execEndpoint": "/search", "parameters": {"limit": 3, "a__b": [1, null, "x"]}}"""),
        new("docs", """{"data": {"docs": [{"blob": "AAEC", "mime_type": "image/png"}, {"uri": "data:,x"}]}, "targetExecutor": "a.*"}"""),
        new("nested", """{"data": [{"chunks": [{"chunks": [{"text": "x"}], "matches": [{"scores": {"cosine": {"value": 0.5, "op_name": "x", "ref_id": "1"}}}]}]}]}"""),
        new("arrays", """{"data": [{"tensor": [[1, 2], [3, 4]], "embedding": [0.5, -1.5e3, 0]}, {"tensor": {"shape": [2], "dtype": "float32", "buffer": "AAAAAAAAgD8="}}]}"""),
        new("tags", """{"data": [{"tags": {"a": 1, "b": [true, null, {"c": "d"}], "e": 1.5}, "weight": 0.5, "location": [1, 2, 3], "modality": "image", "granularity": 1, "adjacency": 2, "offset": 0.5, "parent_id": "p"}]}"""),
        new("reply", """{"header": {"requestId": "r", "status": {"code": 1, "description": "bad", "exception": {"name": "E", "args": ["x"], "stacks": [], "executor": "a"}}, "execEndpoint": "/"}, "parameters": {"__results__": {}}, "routes": [{"executor": "gateway", "startTime": "2024-01-01T00:00:00+00:00", "endTime": null, "status": null}], "data": []}"""),
        new("stray", """{"docs": [], "unknown": {"deep": [[[[[]]]]]}}"""),
        new("empty", """{"data": [{}, {}, {}]}"""),
        new("whole", """{"data": [{"tensor": [9007199254740993, -9223372036854775808, 18446744073709551615]}, {"embedding": [[true, false]]}, {"tensor": 5}]}"""),
    ];

    public override void Run(byte[] input)
    {
        DataRequest request;
        try
        {
            request = DataRequestJsonReader.ReadRequest(input);
        }
        catch (JsonException)
        {
            return;
        }

        foreach (var options in (JsonWireOptions[])[JsonWireOptions.Jina, JsonWireOptions.Compact])
        {
            var once = Write(request, options);
            var read = DataRequestJsonReader.ReadRequest(once);
            var twice = Write(read, options);
            if (options.Arrays != ArrayFormat.List || request.Documents.All(KeepsItsTypes))
            {
                RoundTrip.Check(once, twice);
            }

            RoundTrip.Check(twice, Write(DataRequestJsonReader.ReadRequest(twice), options));
        }
    }

    /// <summary>
    /// A list tells no type: what came as another one than lists are read as is a list of these types from the second time on.
    /// </summary>
    private static bool KeepsItsTypes(Document document) =>
        document.Tensor?.Type is null or NdType.Int64 or NdType.Float64 or NdType.Bool
        && document.Embedding?.Type is null or NdType.Float32 or NdType.Bool
        && document.Chunks.All(KeepsItsTypes)
        && document.Matches.All(KeepsItsTypes);

    private static byte[] Write(DataRequest request, JsonWireOptions options)
    {
        var output = new ArrayBufferWriter<byte>();
        DataRequestJsonWriter.WriteRequest(output, request, options);
        return output.WrittenSpan.ToArray();
    }
}
