using FlowKit.TestKit;
using FlowKit.Tests;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace FlowKit.Serving.Gateway;

/// <summary>Every gRPC call recorded before Jina 3.23, made again: the answer is Jina's, but for what is listed here.</summary>
public sealed class RecordedGrpcTests
{
    private const string Chain = """
        jtype: Flow
        executors: [{name: exec0, uses: Cap}, {name: exec1, uses: Cap}]
        gateway: {port: 0, protocol: grpc}
        """;

    /// <summary>Where FlowKit answers otherwise on purpose, with the status that it answers and whether the replies are compared.</summary>
    private static readonly Dictionary<string, (StatusCode Status, string Why)> s_deviations = new(StringComparer.Ordinal)
    {
        ["unknown_endpoint"] = (StatusCode.OK, "an endpoint that nobody answers is an error in the header, not a silent success"),
        ["tensor_zerosize"] = (StatusCode.OK, "an empty array keeps its element type"),
        ["nested"] = (StatusCode.OK, "the granularity of what lies within stays as it was sent"),
        ["raw_discovery"] = (StatusCode.OK, "Jina's gateway fails here; ours lists the endpoints"),
        ["raw_garbage"] = (StatusCode.InvalidArgument, "what cannot be read is the caller's mistake, not unknown"),
        ["raw_empty_request"] = (StatusCode.OK, "an empty message is a request for the endpoint /, which nobody answers"),
        ["raw_reflection"] = (StatusCode.OK, "only services that are there are listed, and all of them"),
        ["raw_reflection_symbol"] = (StatusCode.OK, "the descriptions are our own"),
        ["raw_status"] = (StatusCode.OK, "the versions are FlowKit's"),
    };

    /// <summary>Recorded before other flows.</summary>
    private static readonly string[] s_elsewhere = ["dead_text", "dead_is_flow_ready", "timeout_slow", "stream_doc", "noreduce_join"];

    private static Task<TestGateway> StartAsync(string yaml) =>
        TestGateway.StartAsync(yaml, new TestFlowOptions { Executors = [typeof(RecordedExecutor), typeof(DeadExecutor), typeof(SlowExecutor)] });

    private static RecordedCall Recorded(string name) => RecordedCall.All().Single(call => call.Name == name);

    [SharedDataFact]
    public async Task Every_recorded_call_is_answered_as_Jina_did()
    {
        await using var gateway = await StartAsync(Chain);
        var differences = new List<string>();
        var equal = 0;
        foreach (var recorded in RecordedCall.All().Where(call => !s_elsewhere.Contains(call.Name)))
        {
            var (replies, status, trailers) = await recorded.RepeatAsync(gateway.Grpc!);
            if (Difference(recorded, replies, status, trailers) is { } difference)
            {
                differences.Add($"{recorded.Name}: {difference}");
            }
            else
            {
                equal++;
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.InRange(equal, 35, 100);
    }

    private static string? Difference(RecordedCall recorded, IReadOnlyList<byte[]> replies, Status status, Metadata trailers)
    {
        var known = s_deviations.TryGetValue(recorded.Name, out var deviation);
        var expected = known ? deviation.Status.ToString() : recorded.Status;
        var code = known ? status.StatusCode.ToString() : NameOf(status.StatusCode);
        return code != expected ? $"{status} instead of {expected}{(known ? $", since {deviation.Why}" : "")}"
            : known ? null
            : trailers.Any(entry => entry.Key is not ("date" or "content-length")) ? $"trailers: {string.Join(", ", trailers)}"
            : replies.Count != recorded.Replies.Count ? $"{replies.Count} replies instead of {recorded.Replies.Count}"
            : recorded.Method.EndsWith("/Call", StringComparison.Ordinal) || recorded.Method.EndsWith("/process_single_data", StringComparison.Ordinal) ? Compare(recorded.Replies, replies)
            : recorded.Replies.Zip(replies).All(pair => pair.First.SequenceEqual(pair.Second)) ? null
            : "other bytes";
    }

    private static string NameOf(StatusCode code) => string.Concat((code == StatusCode.OK ? "Ok" : code.ToString()).Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));

    private static string? Compare(IReadOnlyList<byte[]> recorded, IReadOnlyList<byte[]> ours)
    {
        var theirs = recorded.Select(Normalize).ToDictionary(reply => reply.Header.RequestId);
        foreach (var reply in ours.Select(Normalize))
        {
            if (!theirs.TryGetValue(reply.Header.RequestId, out var same) || !same.Equals(reply))
            {
                return $"{reply} instead of {same}";
            }
        }

        return null;
    }

    /// <summary>All but the times, which must be there or not be there.</summary>
    private static DataRequestProto Normalize(byte[] message)
    {
        var reply = DataRequestProto.Parser.ParseFrom(message);
        RecordedCall.NamePods(reply.Parameters);
        foreach (var route in reply.Routes)
        {
            route.StartTime = route.StartTime is null ? null : new Timestamp();
            route.EndTime = route.EndTime is null ? null : new Timestamp();
        }

        return reply;
    }

    [SharedDataTheory]
    [InlineData("dead_text", "{name: exec0, uses: Cap}, {name: dead, uses: Dead}", "")]
    [InlineData("timeout_slow", "{name: exec0, uses: Slow}", ", timeout_send: 100")]
    public async Task What_ends_a_stream_is_told_in_a_last_reply_and_in_the_status(string name, string executors, string settings)
    {
        await using var gateway = await StartAsync($"jtype: Flow\nexecutors: [{executors}]\ngateway: {{port: 0, protocol: grpc{settings}}}");
        var recorded = Recorded(name);

        var (replies, status, _) = await recorded.RepeatAsync(gateway.Grpc!);

        Assert.Equal(recorded.Status, NameOf(status.StatusCode));
        Assert.Null(Compare(recorded.Replies, replies));
    }

    [SharedDataFact]
    public async Task A_stream_of_documents_has_them_one_by_one_under_the_requests_own_id()
    {
        await using var gateway = await StartAsync("jtype: Flow\nexecutors: [{name: exec0, uses: Cap}]\ngateway: {port: 0, protocol: grpc}");
        var recorded = Recorded("stream_doc");

        var (replies, status, _) = await recorded.RepeatAsync(gateway.Grpc!);

        Assert.Equal(StatusCode.OK, status.StatusCode);
        var ours = replies.Select(SingleDocumentRequestProto.Parser.ParseFrom).ToList();
        Assert.Single(ours.Select(reply => reply.Header.RequestId).Distinct());
        Assert.All(ours, reply => Assert.Equal(["gateway", "exec0"], reply.Routes.Select(route => route.Executor)));
        Assert.Equal(recorded.Replies.Select(Anonymous), replies.Select(Anonymous));
    }

    private static SingleDocumentRequestProto Anonymous(byte[] message)
    {
        var reply = SingleDocumentRequestProto.Parser.ParseFrom(message);
        Assert.Equal(32, reply.Header.RequestId.Length);
        return new SingleDocumentRequestProto { Document = reply.Document };
    }

    [SharedDataTheory]
    [InlineData("error.client-to-gateway.Call", "Call", "JinaRPC")]
    [InlineData("error_unary.client-to-gateway.process_single_data", "process_single_data", "JinaSingleDataRequestRPC")]
    public async Task What_an_executor_throws_is_in_the_reply_and_the_call_ends_well(string file, string method, string service)
    {
        await using var gateway = await StartAsync(Chain);
        var request = File.ReadAllBytes(SharedData.At("data", "jina-wire", $"{file}.req.bin"));
        var recorded = new RecordedCall(file, $"/jina.{service}/{method}", [request], [], "OK", new Metadata());

        var (replies, status, trailers) = await recorded.RepeatAsync(gateway.Grpc!);

        Assert.Equal(StatusCode.OK, status.StatusCode);
        Assert.DoesNotContain(trailers, entry => entry.Key == "is-error");
        var reply = DataRequestProto.Parser.ParseFrom(Assert.Single(replies));
        Assert.Equal((StatusProto.Types.StatusCode.Error, "deliberate failure: 42"), (reply.Header.Status.Code, reply.Header.Status.Description));
        Assert.Equal(("ValueErrorException", "Cap"), (reply.Header.Status.Exception.Name, reply.Header.Status.Exception.Executor));
        Assert.Equal("ValueErrorException: deliberate failure: 42", Assert.Single(reply.Header.Status.Exception.Stacks));
        Assert.Equal(["gateway", "exec0"], reply.Routes.Select(route => route.Executor));
        Assert.Equal(reply.Header.Status, reply.Routes[1].Status);
    }

    [SharedDataFact]
    public async Task A_dry_run_tells_what_does_not_serve_inside_its_answer()
    {
        await using var gateway = await StartAsync(Chain);
        await gateway.Flow.Runtime.StopAsync(TestTimeout.Limit);

        var (replies, status, _) = await Recorded("dead_is_flow_ready").RepeatAsync(gateway.Grpc!);

        Assert.Equal(StatusCode.OK, status.StatusCode);
        Assert.Equal(StatusProto.Types.StatusCode.Error, StatusProto.Parser.ParseFrom(Assert.Single(replies)).Code);
    }
}
