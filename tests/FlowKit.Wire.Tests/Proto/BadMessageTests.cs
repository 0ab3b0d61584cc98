using System.Text.Json.Nodes;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>Bytes that are no message: each is one error that names the field.</summary>
public sealed class BadMessageTests
{
    [Fact]
    public void A_message_cut_short_names_the_field_that_it_ends_in() =>
        Assert.Equal("data.docs[0].text: it is to hold 5 bytes, but only 2 follow", Refusal([0x22, 5, (byte)'a', (byte)'b']));

    [Fact]
    public void A_length_larger_than_the_message_is_an_error() =>
        Assert.Equal("data.docs[0].blob: it is to hold 2147483647 bytes, but only 1 follow", Refusal([0x12, 0xff, 0xff, 0xff, 0xff, 0x07, 0]));

    [Fact]
    public void A_negative_length_is_an_error() =>
        Assert.Equal("data.docs[0].blob: its length -1 is negative", Refusal([0x12, .. Enumerable.Repeat((byte)0xff, 9), 1]));

    [Fact]
    public void A_field_longer_than_the_message_around_it_is_an_error() =>
        Assert.Contains("only 2 follow", Wire.Refusal(() => DataRequestCodec.Read((byte[])[0x0a, 4, 0x0a, 9, (byte)'a', (byte)'b', 0x12, 0])));

    [Theory]
    [InlineData(0x08, 1, "data.docs[0].id: expected wire type 2 (Bytes), not 0")]
    [InlineData(0x2d, 1, "data.docs[0].granularity: expected wire type 0 (Varint), not 5")]
    [InlineData(0x40, 1, "data.docs[0].weight: expected wire type 5 (Fixed32), not 0")]
    [InlineData(0x18, 1, "data.docs[0].tensor: expected wire type 2 (Bytes), not 0")]
    [InlineData(0x68, 1, "data.docs[0].location: expected wire type 5 (Fixed32), not 0")]
    public void A_known_field_of_another_wire_type_is_an_error(byte tag, byte value, string message) => Assert.Equal(message, Refusal([tag, value, 0, 0, 0]));

    [Theory]
    [InlineData(new byte[] { 0, 0 }, "does not begin a field")]
    [InlineData(new byte[] { 7, 0 }, "does not begin a field")]
    [InlineData(new byte[] { 0xfe, 0x07, 0 }, "wire type 6")]
    [InlineData(new byte[] { 0xfc, 0x07 }, "wire type 4")]
    [InlineData(new byte[] { 0xfb, 0x07, 0x08, 1 }, "the group of field 127 does not end")]
    [InlineData(new byte[] { 0x28, 0x80 }, "granularity: the message ends inside a number")]
    [InlineData(new byte[] { 0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2 }, "granularity: a number has more than 64 bits")]
    [InlineData(new byte[] { 0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x81, 0 }, "granularity: a number has more than")]
    [InlineData(new byte[] { 0x45, 0, 0 }, "weight: it takes 4 bytes, but only 2 follow")]
    [InlineData(new byte[] { 0x6a, 3, 0, 0, 0 }, "location: 3 bytes are no whole number of floats")]
    [InlineData(new byte[] { 0x22, 2, 0xc3, 0x28 }, "text: the text is not valid UTF-8")]
    [InlineData(new byte[] { 0x0a, 3, 0xed, 0xa0, 0x80 }, "id: the text is not valid UTF-8")]
    public void Malformed_fields_are_errors(byte[] document, string message) => Assert.Contains(message, Refusal(document));

    [Fact]
    public void Unknown_fields_are_passed_over_and_groups_with_them()
    {
        byte[] document = [0x0a, 1, (byte)'x', 0xf8, 0x07, 5, 0xfb, 0x07, 0x08, 1, 0x13, 0x14, 0xfc, 0x07, 0xfd, 0x07, 0, 0, 0, 0, 0x22, 1, (byte)'t'];

        var read = DataRequestCodec.Read(Request(document)).Documents[0];

        Assert.Equal(("x", "t"), (read.Id, read.Text));
    }

    [Fact]
    public void Groups_in_groups_without_end_are_an_error() => Assert.Contains("100 deep", Refusal([.. Enumerable.Repeat((byte[])[0xfb, 0x07], 10_000).SelectMany(tag => tag)]));

    [Theory]
    [InlineData(14, "chunks")]
    [InlineData(15, "matches")]
    public void Documents_nested_10000_deep_are_an_error(int field, string name)
    {
        var message = Refusal(Wire.Nested(10_000, field));

        Assert.StartsWith($"data.docs[0].{name}[0].{name}[0]", message, StringComparison.Ordinal);
        Assert.EndsWith("messages lie in each other more than 100 deep", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 1, 2)]
    [InlineData(6, 1)]
    public void Parameters_nested_10000_deep_are_an_error(params int[] fields)
    {
        var parameters = Wire.Field(2, Wire.Field(1, Wire.Field(1, [(byte)'p']), Wire.Field(2, Wire.Nested(10_000, fields))));

        Assert.Contains("100 deep", Wire.Refusal(() => DataRequestCodec.Read(parameters)));
    }

    [Fact]
    public void Documents_and_tags_nested_10000_deep_are_not_written_either()
    {
        var document = new Document("leaf");
        var tags = new JsonObject();
        for (var i = 0; i < 10_000; i++)
        {
            document = new Document($"{i}") { Chunks = [document] };
            tags = new JsonObject { ["t"] = tags };
        }

        Assert.Contains("chunks[0].chunks[0]", Wire.Refusal(() => DataRequestCodec.SizeOf(Wire.Request(document))));
        Assert.Contains("tags.t.t", Wire.Refusal(() => DataRequestCodec.SizeOf(Wire.Request(new Document { Tags = tags }))));
    }

    [Fact]
    public void Ninety_levels_of_chunks_pass()
    {
        var document = Enumerable.Range(0, 90).Aggregate(new Document("leaf"), (inner, i) => new Document($"{i}") { Chunks = [inner] });

        var read = DataRequestCodec.Read(Wire.Bytes(Wire.Request(document)));

        Assert.Equal("leaf", read.Documents["@" + new string('c', 90)].Single().Id);
    }

    [Theory]
    [InlineData(new[] { 4, 1 }, 1)]
    [InlineData(new[] { 4, 1, 1 }, 14)]
    [InlineData(new[] { 2, 1, 2, 6 }, 1, 6)]
    [InlineData(new int[0], 3)]
    public void Millions_of_empty_parts_are_an_error_before_they_take_much_memory(int[] within, params int[] fields)
    {
        const int bytes = 2_000_000;
        var part = fields.Reverse().Aggregate(Array.Empty<byte>(), (inner, field) => Wire.Field(field, inner));
        var message = within.Reverse().Aggregate(Enumerable.Repeat(part, bytes / part.Length).SelectMany(one => one).ToArray(), (inner, field) => Wire.Field(field, inner));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Wire.Refusal(() => DataRequestCodec.Read(message));

        Assert.Contains("too many documents, requests, routes or lists that are empty", refusal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60_000_000);
    }

    [Fact]
    public void Pickled_documents_are_refused_also_when_they_are_decoded_late()
    {
        var pickled = Wire.Field(4, Wire.Field(2, [0x80, 0x04]));

        Assert.Contains("data.docs_bytes: these are pickled Python objects", Wire.Refusal(() => DataRequestCodec.Read(pickled)));
        Assert.Contains("docs_bytes: these are pickled Python objects", Wire.Refusal(() => DataRequestCodec.ReadLazily(pickled)));
    }

    [Fact]
    public void Errors_name_the_request_of_a_list_and_the_document_of_a_stream()
    {
        Assert.StartsWith("requests[1].header.request_id: expected wire type", Wire.Refusal(() => DataRequestListCodec.Read((byte[])[0x0a, 0, 0x0a, 4, 0x0a, 2, 0x08, 0])), StringComparison.Ordinal);
        Assert.StartsWith("document.id: expected wire type", Wire.Refusal(() => SingleDocumentRequestCodec.Read((byte[])[0x22, 2, 0x08, 0])), StringComparison.Ordinal);
        Assert.Contains("holds one document, not 2", Wire.Refusal(() => SingleDocumentRequestCodec.SizeOf(Wire.Request(new Document(), new Document()))));
    }

    [Theory]
    [InlineData(-62135596801, 0)]
    [InlineData(253402300800, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 1_000_000_000)]
    public void A_time_outside_the_calendar_is_an_error(long seconds, int nanoseconds)
    {
        using var time = new MemoryStream();
        using (var output = new Google.Protobuf.CodedOutputStream(time, leaveOpen: true))
        {
            output.WriteRawTag(0x08);
            output.WriteInt64(seconds);
            output.WriteRawTag(0x10);
            output.WriteInt32(nanoseconds);
        }

        Assert.StartsWith("routes[0].start_time: ", Wire.Refusal(() => DataRequestCodec.Read(Wire.Field(3, Wire.Field(2, time.ToArray())))), StringComparison.Ordinal);
    }

    private static byte[] Request(byte[] document) => Wire.Field(4, Wire.Field(1, Wire.Field(1, document)));

    private static string Refusal(byte[] document) => Wire.Refusal(() => DataRequestCodec.Read(Request(document)));
}
