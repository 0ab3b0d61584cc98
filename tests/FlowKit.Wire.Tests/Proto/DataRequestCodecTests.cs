using FlowKit.Wire.Proto;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>Requests as a gateway handles them: passed on, joined, written to where there is little room.</summary>
public sealed class DataRequestCodecTests
{
    [Fact]
    public void A_writer_that_gives_little_room_gets_the_same_bytes()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var request = DataRequestCodec.Read(new RandomMessages(seed).Request().ToByteArray());
            foreach (var dialect in Enum.GetValues<DocArrayDialect>())
            {
                var output = new StingyWriter();
                DataRequestCodec.Write(request, output, dialect);

                Assert.Equal(Wire.Bytes(request, dialect), output.Written);
            }
        }
    }

    [Fact]
    public void A_picture_is_not_asked_for_in_one_piece()
    {
        var pixels = new byte[1_000_000];
        new Random(1).NextBytes(pixels);
        var output = new StingyWriter();

        DataRequestCodec.Write(Wire.Request(new Document { Tensor = NdArray.Wrap(pixels) }), output);

        Assert.Equal(pixels, DataRequestCodec.Read(output.Written).Documents[0].Tensor!.Bytes.ToArray());
        Assert.InRange(output.LargestGiven, 10, 65_536);
    }

    [Fact]
    public void A_request_that_is_passed_on_keeps_fields_that_are_not_known_and_one_that_is_read_drops_them()
    {
        byte[] unknown = Wire.Field(99, "later"u8.ToArray());
        byte[] message = [.. new RandomMessages(3).Request().ToByteArray(), .. unknown];

        Assert.EndsWith(Convert.ToHexString(unknown), Convert.ToHexString(Wire.Bytes(DataRequestCodec.ReadLazily(message))), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(unknown), Convert.ToHexString(Wire.Bytes(DataRequestCodec.Read(message))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_is_passed_on_can_be_given_another_header_and_routes()
    {
        var bytes = Wire.Bytes(Wire.Request(new Document("a") { Blob = new byte[100] }));
        var request = DataRequestCodec.ReadLazily(bytes);

        request.TargetExecutor = "";
        request.AlwaysWritten |= DataRequestFields.TargetExecutor;
        request.Routes = [new WireRoute("gateway", DateTimeOffset.UnixEpoch, null)];
        var passedOn = DataRequestProto.Parser.ParseFrom(Wire.Bytes(request));

        Assert.True(request.HasUndecodedDocuments);
        Assert.True(passedOn.Header.HasTargetExecutor);
        Assert.Equal(("gateway", "a"), (passedOn.Routes[0].Executor, passedOn.Data.Docs.Docs[0].Id));
    }

    [Fact]
    public void A_field_said_twice_is_joined_as_in_protobuf()
    {
        var first = Wire.Bytes(Wire.Request(new Document("a")));
        var second = Wire.Bytes(new DataRequest { RequestId = "2", AlwaysWritten = DataRequestFields.None, Documents = [new Document("b")] });

        var (eager, lazy) = (DataRequestCodec.Read((byte[])[.. first, .. second]), DataRequestCodec.ReadLazily((byte[])[.. first, .. second]));

        Assert.All([eager, lazy], request => Assert.Equal(("2", "a,b"), (request.RequestId, string.Join(',', request.Documents.Select(document => document.Id)))));
    }

    [Fact]
    public void A_new_request_says_what_Jinas_client_says_and_an_empty_one_nothing()
    {
        var client = DataRequestProto.Parser.ParseFrom(Wire.Bytes(new DataRequest { RequestId = "1" }));

        Assert.True(client.Header.HasExecEndpoint);
        Assert.False(client.Header.HasTargetExecutor);
        Assert.Equal((0, null), (client.Parameters.Fields.Count, client.Data));
        Assert.Empty(Wire.Bytes(new DataRequest { AlwaysWritten = DataRequestFields.None }));
    }

    [Fact]
    public void An_empty_list_of_documents_is_written_where_a_reply_needs_it()
    {
        var request = new DataRequest { AlwaysWritten = DataRequestFields.Documents };

        Assert.Equal(new DataRequestProto { Data = new() { Docs = new() } }, DataRequestProto.Parser.ParseFrom(Wire.Bytes(request)));
    }

    [Fact]
    public void Tags_made_in_any_way_are_written()
    {
        var tags = (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse("""{"parsed": [1, 2.5, "a", null, true]}""")!;
        (tags["int"], tags["long"], tags["float"], tags["decimal"], tags["guid"]) = (1, 2L, 0.5f, 1.5m, System.Text.Json.Nodes.JsonValue.Create(Guid.Empty));

        var read = DataRequestCodec.Read(Wire.Bytes(Wire.Request(new Document { Tags = tags }))).Documents[0].Tags;

        Assert.Equal("""{"parsed":[1,2.5,"a",null,true],"int":1,"long":2,"float":0.5,"decimal":1.5,"guid":"00000000-0000-0000-0000-000000000000"}""", read.ToJsonString());
    }

    [Theory]
    [InlineData("longer", 1)]
    [InlineData("", 1)]
    [InlineData("same", 2)]
    public void A_request_that_changes_while_it_is_written_is_found_out(string id, int documents)
    {
        var request = Wire.Request(new Document("same"));
        var measured = DataRequestCodec.Measure(request);

        request.Documents[0].Id = id;
        request.Documents = new DocumentArray(Enumerable.Repeat(request.Documents[0], documents));

        Assert.Throws<InvalidOperationException>(() => measured.Write(new StingyWriter()));
    }
}
