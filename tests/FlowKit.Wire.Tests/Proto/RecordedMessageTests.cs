using System.Text.Json.Nodes;
using FlowKit.Tests;
using FlowKit.Wire.Proto;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf;
using Health = Grpc.Health.V1;
using Reflection = Grpc.Reflection.V1Alpha;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>Every message that a real Jina 3.23 sent is read, written again, and is then the same message to Google's protobuf.</summary>
public sealed class RecordedMessageTests
{
    private const string Request = "jina.DataRequestProto";
    private const string List = "jina.DataRequestListProto";
    private const string Single = "jina.SingleDocumentRequestProto";

    private static readonly Dictionary<string, MessageParser> s_control = new()
    {
        ["google.protobuf.Empty"] = Google.Protobuf.WellKnownTypes.Empty.Parser,
        ["jina.EndpointsProto"] = EndpointsProto.Parser,
        ["jina.StatusProto"] = StatusProto.Parser,
        ["jina.JinaInfoProto"] = JinaInfoProto.Parser,
        ["grpc.health.v1.HealthCheckRequest"] = Health.HealthCheckRequest.Parser,
        ["grpc.health.v1.HealthCheckResponse"] = Health.HealthCheckResponse.Parser,
        ["grpc.reflection.v1alpha.ServerReflectionRequest"] = Reflection.ServerReflectionRequest.Parser,
        ["grpc.reflection.v1alpha.ServerReflectionResponse"] = Reflection.ServerReflectionResponse.Parser,
    };

    [SharedDataFact]
    public void Every_request_is_written_again_as_an_equal_message()
    {
        var count = 0;
        foreach (var message in RecordedMessage.OfType(Request))
        {
            AssertEqual(DataRequestProto.Parser, message, Wire.Bytes(DataRequestCodec.Read(message.Bytes())));
            AssertEqual(DataRequestProto.Parser, message, Wire.Bytes(DataRequestCodec.ReadLazily(message.Bytes())));
            count++;
        }

        Assert.InRange(count, 200, 1000);
    }

    [SharedDataFact]
    public void Every_request_says_what_Python_decoded()
    {
        foreach (var message in RecordedMessage.OfType(Request))
        {
            AssertSame(message, message.Decoded(), DecodedView.WithData(DataRequestCodec.Read(message.Bytes())));
        }
    }

    [SharedDataFact]
    public void Every_request_that_nobody_decodes_goes_on_with_its_documents_byte_for_byte()
    {
        foreach (var message in RecordedMessage.OfType(Request))
        {
            var request = DataRequestCodec.ReadLazily(message.Bytes());
            var original = DataRequestProto.Parser.ParseFrom(message.Bytes());

            Assert.Equal(original.Data is not null, request.HasUndecodedDocuments);
            Assert.Equal(original.Data?.ToByteArray() ?? [], request.Undecoded?.Data.ToArray() ?? []);
            Assert.Equal(original.Data?.Docs?.Docs.Count ?? 0, request.Documents.Count);
            Assert.Equal(original.Data is not null, request.HasUndecodedDocuments);
            Assert.All(request.Documents, Assert.NotNull);
            AssertSame(message, message.Decoded()["data"]?["docs"]?["docs"], request.Documents.Count == 0 ? null : new JsonArray([.. request.Documents.Select(DecodedView.Document)]));
            Assert.False(request.HasUndecodedDocuments);
        }
    }

    [SharedDataFact]
    public void Every_list_of_requests_is_written_again_as_an_equal_message_and_says_what_Python_decoded()
    {
        var lists = RecordedMessage.OfType(List).ToList();
        foreach (var message in lists)
        {
            var requests = DataRequestListCodec.Read(message.Bytes());

            AssertEqual(DataRequestListProto.Parser, message, Wire.Bytes(DataRequestListCodec.Measure(requests)));
            AssertEqual(DataRequestListProto.Parser, message, Wire.Bytes(DataRequestListCodec.Measure(DataRequestListCodec.ReadLazily(message.Bytes()))));
            AssertSame(message, message.Decoded()["requests"], new JsonArray([.. requests.Select(DecodedView.WithData)]));
        }

        Assert.NotEmpty(lists);
    }

    [SharedDataFact]
    public void Every_request_of_one_document_is_written_again_as_an_equal_message_and_says_what_Python_decoded()
    {
        var singles = RecordedMessage.OfType(Single).ToList();
        foreach (var message in singles)
        {
            var request = SingleDocumentRequestCodec.Read(message.Bytes());
            AssertEqual(SingleDocumentRequestProto.Parser, message, Wire.Bytes(SingleDocumentRequestCodec.Measure(request)));
            AssertEqual(SingleDocumentRequestProto.Parser, message, Wire.Bytes(SingleDocumentRequestCodec.Measure(SingleDocumentRequestCodec.ReadLazily(message.Bytes()))));

            var view = DecodedView.Of(request);
            view["document"] = DecodedView.Document(Assert.Single(request.Documents));
            AssertSame(message, message.Decoded(), view);
        }

        Assert.NotEmpty(singles);
    }

    [SharedDataFact]
    public void Every_status_is_written_again_as_an_equal_message()
    {
        var statuses = RecordedMessage.OfType("jina.StatusProto").ToList();

        Assert.All(statuses, message => AssertEqual(StatusProto.Parser, message, Wire.Bytes(StatusCodec.Measure(StatusCodec.Read(message.Bytes())))));
        Assert.NotEmpty(statuses);
    }

    [SharedDataFact]
    public void Every_other_message_is_one_of_the_generated_classes_and_leaves_nothing_unknown()
    {
        foreach (var message in RecordedMessage.All().Where(message => s_control.ContainsKey(message.Type)))
        {
            var parsed = s_control[message.Type].ParseFrom(message.Bytes());

            Assert.Equal<object>(parsed, s_control[message.Type].ParseFrom(parsed.ToByteArray()));
            Assert.Equal<object>(parsed, s_control[message.Type].WithDiscardUnknownFields(true).ParseFrom(message.Bytes()));
        }
    }

    [SharedDataFact]
    public void Recorded_garbage_is_an_error_and_every_other_message_is_of_a_known_type()
    {
        string[] known = [Request, List, Single, .. s_control.Keys];
        var (garbage, messages) = (RecordedMessage.All().Where(message => message.IsGarbage), RecordedMessage.All().Where(message => !message.IsGarbage));

        Assert.All(messages, message => Assert.Contains(message.Type, known));
        Assert.All(garbage.Where(message => message.Type == Request), message => Wire.Refusal(() => DataRequestCodec.Read(message.Bytes())));
    }

    private static void AssertEqual<T>(MessageParser<T> parser, RecordedMessage original, byte[] written) where T : IMessage<T>
    {
        var (expected, actual) = (parser.ParseFrom(original.Bytes()), parser.ParseFrom(written));
        Assert.True(expected.Equals(actual), $"{original.Name}:\n{expected}\n{actual}");
    }

    private static void AssertSame(RecordedMessage message, JsonNode? expected, JsonNode? actual) =>
        Assert.True(DecodedView.Difference(expected, actual) is not { } difference, $"{message.Name}: {DecodedView.Difference(expected, actual)}");
}
