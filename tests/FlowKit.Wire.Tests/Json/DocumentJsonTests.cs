using System.Buffers;
using System.Text;
using System.Text.Json;
using FlowKit.Wire.Json;

namespace FlowKit.Wire.Tests.Json;

public sealed class DocumentJsonTests
{
    [Theory]
    [InlineData(ArrayFormat.List)]
    [InlineData(ArrayFormat.Base64)]
    public void Every_field_survives_the_wire(ArrayFormat format)
    {
        var document = Full();

        var read = RoundTrip(document, new JsonWireOptions(format, SkipNulls: true));

        Assert.Equal(Json(document, JsonWireOptions.Jina), Json(read, JsonWireOptions.Jina));
        Assert.Equal(NdType.Float32, read.Embedding!.Type);
        Assert.Equal(FlowErrorCode.PermissionDenied, read.Error!.Code);
    }

    [Fact]
    public void An_array_without_elements_that_would_be_gigabytes_of_empty_lists_is_an_error()
    {
        var array = NdArray.Wrap(Array.Empty<float>(), 2_000_000_000, 0);

        var error = Assert.Throws<FlowKitException>(() => Json(new Document { Tensor = array }, JsonWireOptions.Jina)).Error;

        Assert.Equal(FlowErrorCode.PayloadTooLarge, error.Code);
        Assert.Contains("[[],[]]", Json(new Document { Tensor = NdArray.Wrap(Array.Empty<float>(), 2, 0) }, JsonWireOptions.Jina));
    }

    [Fact]
    public void A_base64_array_keeps_type_and_shape()
    {
        var tensor = NdArray.Wrap(new byte[24], 2, 4, 3);

        var read = RoundTrip(new Document { Tensor = tensor }, JsonWireOptions.Compact).Tensor!;

        Assert.Equal("uint8 [2, 4, 3]", read.ToString());
        Assert.Equal(tensor.Bytes.ToArray(), read.Bytes.ToArray());
    }

    [Theory]
    [InlineData("[[1,2],[3,4]]", "int64 [2, 2]")]
    [InlineData("[[1,2.5],[3,4]]", "float64 [2, 2]")]
    [InlineData("[[[1],[2]]]", "int64 [1, 2, 1]")]
    [InlineData("[]", "int64 [0]")]
    [InlineData("[[],[]]", "int64 [2, 0]")]
    [InlineData("3", "int64 []")]
    [InlineData("[1.0]", "float64 [1]")]
    [InlineData("{\"buffer\":\"AAAAAA==\",\"dtype\":\"float32\"}", "float32 [1]")]
    public void A_list_becomes_an_array_as_NumPy_would_make_it(string json, string expected) =>
        Assert.Equal(expected, Read($"{{\"tensor\": {json}}}").Tensor!.ToString());

    [Theory]
    [InlineData("{\"tensor\": [[1,2],[3]]}", "data[0].tensor", "ragged")]
    [InlineData("{\"tensor\": [1,[2]]}", "data[0].tensor", "ragged")]
    [InlineData("{\"tensor\": [[1],2]}", "data[0].tensor", "ragged")]
    [InlineData("{\"tensor\": [\"x\"]}", "data[0].tensor", "expected numbers, not String")]
    [InlineData("{\"tensor\": \"x\"}", "data[0].tensor", "expected an array")]
    [InlineData("{\"tensor\": {\"buffer\":\"AAAA\",\"shape\":[7],\"dtype\":\"<f4\"}}", "data[0].tensor", "holds 28 bytes, but 3 were given")]
    [InlineData("{\"tensor\": {\"buffer\":\"AAAA\",\"shape\":[-1],\"dtype\":\"<f4\"}}", "data[0].tensor.shape", "at least 0")]
    [InlineData("{\"tensor\": {\"buffer\":\"AAAA\",\"dtype\":\"complex64\"}}", "data[0].tensor.dtype", "'complex64' is not a known dtype")]
    [InlineData("{\"tensor\": {\"buffer\":\"!\",\"dtype\":\"<f4\"}}", "data[0].tensor.buffer", "not valid base64")]
    [InlineData("{\"blob\": \"***\"}", "data[0].blob", "expected base64 text")]
    [InlineData("{\"text\": 5}", "data[0].text", "expected text, not Number")]
    [InlineData("{\"granularity\": -1}", "data[0].granularity", "whole number")]
    [InlineData("{\"tags\": []}", "data[0].tags", "expected an object")]
    [InlineData("{\"tags\": {\"a\":1,\"a\":2}}", "data[0].tags", "a")]
    [InlineData("{\"chunks\": [{\"text\": []}]}", "data[0].chunks[0].text", "expected text")]
    public void A_wrong_field_is_named(string json, string field, string why)
    {
        var error = Assert.Throws<WireFormatException>(() => Read(json));

        Assert.Equal(field, error.Field);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_surrogate_in_text_is_refused()
    {
        var error = Assert.Throws<WireFormatException>(() => Read("{\"text\": \"\\ud800\"}"));

        Assert.Equal("data[0].text", error.Field);
    }

    [Fact]
    public void NaN_is_written_as_null() =>
        Assert.Contains("\"embedding\":[1.0,null]", Json(new Document("a") { Embedding = NdArray.Wrap(new[] { 1f, float.NaN }) }, JsonWireOptions.Jina), StringComparison.Ordinal);

    [Theory]
    [InlineData("{\"data\": {\"docs\": [{\"text\": \"a\"}]}, \"exec_endpoint\": \"/x\", \"target_executor\": \"e\"}")]
    [InlineData("{\"data\": [{\"text\": \"a\"}], \"execEndpoint\": \"/x\", \"targetExecutor\": \"e\"}")]
    [InlineData("{\"data\": [{\"text\": \"a\"}], \"header\": {\"execEndpoint\": \"/x\", \"targetExecutor\": \"e\"}}")]
    public void The_envelope_is_read_in_all_its_spellings(string json)
    {
        var request = DataRequestJsonReader.Read(Encoding.UTF8.GetBytes(json));

        Assert.Equal(("/x", "e", "a"), (request.ExecEndpoint, request.TargetExecutor, request.Documents[0].Text));
    }

    [Fact]
    public void Malformed_JSON_says_where()
    {
        var error = Assert.ThrowsAny<JsonException>(() => DataRequestJsonReader.Read("{\"data\": [{\"text\": \"x\""u8));

        Assert.Equal(0, error.LineNumber);
        Assert.NotNull(error.BytePositionInLine);
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"chunks\":[", 5000));

        Assert.ThrowsAny<JsonException>(() => DataRequestJsonReader.Read(Encoding.UTF8.GetBytes($"{{\"data\":[{deep}")));
    }

    private static Document Full()
    {
        var document = new Document("d1")
        {
            Tensor = NdArray.Wrap(new long[] { 1, 2, 3, 4 }, 2, 2),
            Granularity = 1,
            Adjacency = 2,
            ParentId = "p",
            Weight = 0.5f,
            Uri = "a/b.jpg",
            Modality = "image",
            MimeType = "image/jpeg",
            Offset = 3,
            Location = [1, 2.5f],
            Embedding = NdArray.Wrap(new[] { 0.1f, -2e-8f }),
            Error = new FlowError(FlowErrorCode.PermissionDenied, "no") { Executor = "e" },
        };
        document.Tags["nested"] = new System.Text.Json.Nodes.JsonObject { ["n"] = 1.5, ["t"] = "ü\"", ["l"] = new System.Text.Json.Nodes.JsonArray(true, null) };
        document.Metadata["embedding_model"] = "m";
        document.Scores["cosine"] = new NamedScore(0.25f, "cosine", "how near", "q");
        document.Evaluations["recall"] = new NamedScore(1);
        document.Chunks.Add(new Document("c") { Blob = new byte[] { 1, 2, 3 } });
        document.Matches.Add(new Document("m") { Text = "match" });
        return document;
    }

    private static Document Read(string json) => DataRequestJsonReader.Read(Encoding.UTF8.GetBytes($"{{\"data\": [{json}]}}")).Documents[0];

    private static Document RoundTrip(Document document, JsonWireOptions options) => Read(Json(document, options));

    private static string Json(Document document, JsonWireOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            DocumentJsonWriter.Write(writer, document, options);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
