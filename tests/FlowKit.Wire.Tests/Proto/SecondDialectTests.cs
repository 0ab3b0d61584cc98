using System.Text.Json.Nodes;
using FlowKit.Wire.Proto;
using FlowKit.Wire.Protos.V2;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using V1 = FlowKit.Wire.Protos.V1;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>DocArray v2's documents, maps of named values, as documents with fields and back.</summary>
public sealed class SecondDialectTests
{
    private const int Messages = 2_000;

    [Fact]
    public void What_Google_writes_in_v2_we_read_and_write_again_as_an_equal_message() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Messages), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var original = new RandomDocs(seed).Request();

            var written = DataRequestProto.Parser.ParseFrom(Wire.Bytes(DataRequestCodec.Read(original.ToByteArray(), DocArrayDialect.V2), DocArrayDialect.V2));

            return original.Equals(written).Label($"{original}\n{written}");
        }));

    [Fact]
    public void A_document_of_a_class_of_ones_own_keeps_its_fields_as_tags()
    {
        var document = Read(new DocProto
        {
            Data =
            {
                ["id"] = new NodeProto { Text = "7", Type = "id" },
                ["title"] = new NodeProto { Text = "shoe" },
                ["price"] = new NodeProto { Integer = 5 },
                ["url"] = new NodeProto { Text = "a.png", Type = "image_url" },
                ["nothing"] = new NodeProto(),
            },
        });

        Assert.Equal(("7", "a.png", "shoe", 5), (document.Id, document.Uri, (string?)document.Tags["title"], (int)document.Tags["price"]!));
        Assert.False(document.Tags.ContainsKey("nothing"));
        var fields = Write(document).Data;
        Assert.Equal(["id", "price", "title", "url"], fields.Keys.Order());
        Assert.Equal(("image_url", 5), (fields["url"].Type, fields["price"].Integer));
    }

    [Fact]
    public void A_field_of_another_kind_never_goes_out_under_the_name_of_a_field_that_the_document_has()
    {
        var document = Read(new DocProto
        {
            Data =
            {
                ["id"] = new NodeProto { Integer = 5 },
                ["text"] = new NodeProto { Integer = 6 },
                ["weight"] = new NodeProto { Text = "heavy" },
                ["tags"] = new NodeProto { Text = "no dict" },
            },
        });
        var id = document.Id;
        document.Text = "new";

        var fields = Write(document).Data;
        var again = Read(Write(document));

        Assert.Equal((id, "new"), (again.Id, again.Text));
        Assert.Equal(["id", "tags", "text", "weight"], fields.Keys.Order());
        Assert.Equal((5, 6, "no dict"), ((int)again.Tags["id"]!, (int)again.Tags["text"]!, (string?)again.Tags["tags"]));
        Assert.Equal("heavy", (string?)again.Tags["weight"]);
    }

    [Fact]
    public void What_an_executor_adds_goes_out_under_the_names_of_DocArrays_own_classes()
    {
        var document = new Document("1")
        {
            Text = "hello",
            Uri = "u",
            Embedding = NdArray.Wrap([1f, 2f]),
            Tags = new JsonObject { ["whole"] = 3, ["half"] = 0.5, ["large"] = 5_000_000_000, ["deep"] = new JsonObject { ["list"] = new JsonArray(1, "a", null, true) } },
            Chunks = [new Document("2") { Blob = new byte[] { 1 } }],
        };
        document.Scores["cosine"] = new NamedScore(0.5f);

        var fields = Write(document).Data;

        Assert.Equal(["chunks", "embedding", "id", "scores", "tags", "text", "url"], fields.Keys.Order());
        Assert.Equal(("id", "ndarray", 0.5), (fields["id"].Type, fields["embedding"].Type, fields["scores"].Dict.Data["cosine"].Float));
        var tags = fields["tags"].Dict.Data;
        Assert.Equal((3, 0.5, 5e9), (tags["whole"].Integer, tags["half"].Float, tags["large"].Float));
        Assert.Equal(4, tags["deep"].Dict.Data["list"].List.Data.Count);
        Assert.Equal(1, fields["chunks"].DocArray.Docs[0].Data["blob"].Blob[0]);
    }

    [Fact]
    public void Of_several_contents_the_tensor_counts_and_none_is_lost()
    {
        var original = new DocProto
        {
            Data =
            {
                ["id"] = new NodeProto { Text = "1", Type = "id" },
                ["text"] = new NodeProto { Text = "caption" },
                ["bytes_"] = new NodeProto { Blob = ByteString.CopyFrom(1, 2), Type = "image_bytes" },
                ["tensor"] = new NodeProto { Ndarray = new NdArrayProto { Dense = new() { Buffer = ByteString.CopyFrom(9), Shape = { 1 }, Dtype = "|u1" } }, Type = "image_ndarray" },
            },
        };

        var document = Read(original);

        Assert.Equal((DocumentContent.Tensor, "caption", "AQI="), (document.ContentType, (string?)document.Tags["text"], (string?)document.Tags["bytes_"]!["$blob"]));
        Assert.Equal(original, Write(document));
    }

    [Fact]
    public void Arrays_are_slices_here_too_and_change_their_kinds_name_between_the_dialects()
    {
        var bytes = Wire.Bytes(Wire.Request(new Document("1") { Tensor = NdArray.Wrap([1f]).From("torch") }), DocArrayDialect.V2);

        var request = DataRequestCodec.Read(bytes, DocArrayDialect.V2);

        Assert.True(bytes.AsSpan().Overlaps(request.Documents[0].Tensor!.Bytes.Span));
        Assert.Equal("torch_tensor", DataRequestProto.Parser.ParseFrom(bytes).Data.Docs.Docs[0].Data["tensor"].Type);
        Assert.Equal("torch", V1.DataRequestProto.Parser.ParseFrom(Wire.Bytes(request)).Data.Docs.Docs[0].Tensor.ClsName);
    }

    [Fact]
    public void A_failed_document_carries_its_error_in_both_dialects()
    {
        var document = new Document("1") { Metadata = new JsonObject { ["model"] = "m" } };
        document.Error = new FlowError(FlowErrorCode.ResourceExhausted, "too much") { Executor = "encoder" };

        foreach (var dialect in Enum.GetValues<DocArrayDialect>())
        {
            var read = DataRequestCodec.Read(Wire.Bytes(Wire.Request(document), dialect), dialect).Documents[0];

            Assert.Equal((FlowErrorCode.ResourceExhausted, "too much", "encoder"), (read.Error!.Code, read.Error.Message, read.Error.Executor));
            Assert.Equal("""{"model":"m"}""", read.Metadata.ToJsonString());
        }
    }

    [Fact]
    public void A_request_read_lazily_in_one_dialect_is_decoded_to_be_written_in_the_other()
    {
        var v1 = Wire.Bytes(Wire.Request(new Document("1") { Text = "t" }));

        var v2 = Wire.Bytes(DataRequestCodec.ReadLazily(v1), DocArrayDialect.V2);

        Assert.Equal("t", DataRequestProto.Parser.ParseFrom(v2).Data.Docs.Docs[0].Data["text"].Text);
    }

    [Fact]
    public void The_dialect_is_told_from_the_first_document_that_says_something()
    {
        var request = Wire.Request(new Document("1") { Text = "t", Embedding = NdArray.Wrap([1f]) });
        foreach (var dialect in Enum.GetValues<DocArrayDialect>())
        {
            Assert.Equal(dialect, DialectDetection.Detect(Wire.Bytes(request, dialect)));
            Assert.Equal(dialect, DialectDetection.DetectSingle(Wire.Bytes(SingleDocumentRequestCodec.Measure(request, dialect))));
        }

        Assert.Equal(DocArrayDialect.V1, DialectDetection.Detect(Wire.Bytes(Wire.Request(new Document("00000000000000000000000000000001")))));
        Assert.Null(DialectDetection.Detect(Wire.Bytes(Wire.Request())));
        Assert.Null(DialectDetection.Detect((byte[])[0xff, 0xff]));
        Assert.Null(DialectDetection.Detect(Wire.Field(4, Wire.Field(1, Wire.Field(1)))));
    }

    [Fact]
    public void Damaged_messages_of_v2_are_read_or_refused()
    {
        var random = new Random(3);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = new RandomDocs(i % 50).Request().ToByteArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            bytes = bytes[..random.Next(bytes.Length / 2, bytes.Length)];
            if (Record.Exception(() => Wire.Bytes(DataRequestCodec.Read(bytes, DocArrayDialect.V2), DocArrayDialect.V2)) is { } exception)
            {
                Assert.Equal(FlowErrorCode.InvalidArgument, Assert.IsType<FlowKitException>(exception).Error.Code);
            }
        }
    }

    [Theory]
    [InlineData(7, 1, 2)]
    [InlineData(8, 1, 1, 2)]
    [InlineData(9, 1)]
    [InlineData(12, 1, 2)]
    public void Values_nested_10000_deep_are_an_error(params int[] fields)
    {
        var document = Wire.Field(1, Wire.Field(1, "x"u8.ToArray()), Wire.Field(2, Wire.Nested(10_000, fields)));

        Assert.Contains("100 deep", Wire.Refusal(() => DataRequestCodec.Read(Wire.Field(4, Wire.Field(1, Wire.Field(1, document))), DocArrayDialect.V2)));
    }

    [Fact]
    public void Tags_that_only_look_like_a_blob_or_an_array_stay_tags()
    {
        var tags = new JsonObject { ["a"] = new JsonObject { ["$blob"] = "no base64!" }, ["b"] = new JsonObject { ["$ndarray"] = 5 }, ["c"] = new JsonObject { ["$docs"] = new JsonArray(1) } };

        var written = Write(new Document("1") { Tags = tags }).Data["tags"].Dict.Data;

        Assert.All(written.Values, node => Assert.Equal(NodeProto.ContentOneofCase.Dict, node.ContentCase));
    }

    private static Document Read(DocProto doc) => DataRequestCodec.Read(new DataRequestProto { Data = new() { Docs = new() { Docs = { doc } } } }.ToByteArray(), DocArrayDialect.V2).Documents[0];

    private static DocProto Write(Document document) => DataRequestProto.Parser.ParseFrom(Wire.Bytes(Wire.Request(document), DocArrayDialect.V2)).Data.Docs.Docs[0];
}
