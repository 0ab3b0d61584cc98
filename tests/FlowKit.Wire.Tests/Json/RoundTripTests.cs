using System.Buffers;
using System.Text;
using System.Text.Json;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Json;

/// <summary>What is answered can be posted back, and what cannot be held exactly is an error.</summary>
public sealed class RoundTripTests
{
    [Theory]
    [InlineData("[9007199254740993]", NdType.Int64)]
    [InlineData("[-9223372036854775808,9223372036854775807]", NdType.Int64)]
    [InlineData("[18446744073709551615,0]", NdType.UInt64)]
    [InlineData("[[true,false]]", NdType.Bool)]
    [InlineData("[1.0,null]", NdType.Float64)]
    [InlineData("[0.5,1E+300]", NdType.Float64)]
    [InlineData("[]", NdType.Int64)]
    [InlineData("7", NdType.Int64)]
    [InlineData("true", NdType.Bool)]
    public void A_list_of_numbers_comes_back_as_it_was(string list, NdType type)
    {
        var request = Read($$"""{"data":[{"id":"a","tensor":{{list}}}]}""");

        Assert.Equal(type, request.Documents[0].Tensor!.Type);
        Assert.Contains($"\"tensor\":{list}", Write(request), StringComparison.Ordinal);
        Assert.Equal(Write(request), Write(Read(Write(request))));
    }

    [Theory]
    [InlineData("embedding", "[1e39]", "1e39 is too large for a float32")]
    [InlineData("embedding", "[[1e39]]", "1E+39 is too large for a float32")]
    [InlineData("embedding", "[-4e38]", "-4e38 is too large for a float32")]
    [InlineData("tensor", "[1e400]", "1e400 is too large for a float64")]
    [InlineData("tensor", "[true,1]", "truth values and numbers are mixed")]
    [InlineData("tensor", "[1,true]", "truth values and numbers are mixed")]
    [InlineData("tensor", "[\"NaN\"]", "expected numbers, not String")]
    [InlineData("weight", "1e39", "1e39 is too large for a float32")]
    public void A_number_that_cannot_be_held_is_an_error(string field, string value, string message)
    {
        var exception = Assert.ThrowsAny<JsonException>(() => Read($$"""{"data":[{"{{field}}":{{value}}}]}"""));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal($"data[0].{field}", ((WireFormatException)exception).Field);
    }

    [Theory]
    [InlineData(">f4", new byte[] { 0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0 })]
    [InlineData("<f4", new byte[] { 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0 })]
    [InlineData("bfloat16", new byte[] { 0x80, 0x3f, 0, 0xc0 })]
    [InlineData(">f2", new byte[] { 0x3c, 0, 0xc0, 0 })]
    [InlineData(">i8", new byte[] { 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe })]
    public void An_array_may_be_of_another_machine(string dtype, byte[] bytes)
    {
        var array = Read($$$"""{"data":[{"tensor":{"buffer":"{{{Convert.ToBase64String(bytes)}}}","shape":[2],"dtype":"{{{dtype}}}"}}]}""").Documents[0].Tensor!;

        Assert.Equal([1, -2], array.ToFloats());
    }

    [Theory]
    [InlineData("+/8=")]
    [InlineData("+/8")]
    [InlineData("-_8=")]
    [InlineData("-_8")]
    [InlineData(" + / 8 ")]
    public void Base64_may_be_that_of_URLs_and_without_its_end(string text) =>
        Assert.Equal([0xfb, 0xff], Read($$"""{"data":[{"blob":"{{text}}"}]}""").Documents[0].Blob!.Value.ToArray());

    [Theory]
    [InlineData("!")]
    [InlineData("AAAAA")]
    [InlineData("A===")]
    [InlineData("AA=A")]
    [InlineData("ä")]
    public void What_is_no_base64_is_an_error(string text) =>
        Assert.Contains("expected base64 text", Assert.ThrowsAny<JsonException>(() => Read($$"""{"data":[{"blob":"{{text}}"}]}""")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("5", "5")]
    [InlineData("1.50", "1.50")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    public void An_id_may_be_a_number(string id, string expected) => Assert.Equal(expected, Read($$"""{"data":[{"id":{{id}}}]}""").Documents[0].Id);

    [Theory]
    [InlineData(DocArrayDialect.V1)]
    [InlineData(DocArrayDialect.V2)]
    public void Documents_lie_in_each_other_as_deep_in_protobuf_as_in_JSON(DocArrayDialect dialect)
    {
        var request = Read($$"""{"data":[{{Nested(100)}}]}""");
        var message = FlowKit.Wire.Tests.Proto.Wire.Bytes(request, dialect);

        Assert.Equal(Write(request), Write(DataRequestCodec.Read(message, dialect)));
        Deepest(request.Documents[0]).Matches = [new Document("one more")];
        Assert.Contains("more than 100 deep", Assert.Throws<FlowKitException>(() => FlowKit.Wire.Tests.Proto.Wire.Bytes(request, dialect)).Message, StringComparison.Ordinal);
        Assert.Contains("more than 100 deep", Assert.Throws<InvalidOperationException>(() => Write(request)).Message, StringComparison.Ordinal);
        Assert.Contains("more than 100 deep", Assert.ThrowsAny<JsonException>(() => Read($$"""{"data":[{{Nested(101)}}]}""")).Message, StringComparison.Ordinal);
    }

    private static Document Deepest(Document document) => document.HasChunks ? Deepest(document.Chunks[0]) : document;

    private static string Nested(int levels) => levels == 1 ? """{"id":"x","tags":{"a":[[1]]}}""" : $$"""{"id":"x","chunks":[{{Nested(levels - 1)}}]}""";

    private static DataRequest Read(string json) => DataRequestJsonReader.Read(Encoding.UTF8.GetBytes(json));

    private static string Write(DataRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        DataRequestJsonWriter.WriteRequest(output, request, JsonWireOptions.Jina);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
