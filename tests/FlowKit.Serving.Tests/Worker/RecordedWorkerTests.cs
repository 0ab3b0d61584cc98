using FlowKit.Serving.Gateway;
using FlowKit.TestKit;
using FlowKit.Tests;
using FlowKit.Wire.Protos.V1;
using Grpc.Core;

namespace FlowKit.Serving.Worker;

/// <summary>Every call recorded between Jina 3.23's gateway, or a client, and an executor, made again at our worker.</summary>
public sealed class RecordedWorkerTests
{
    /// <summary>Where FlowKit answers otherwise on purpose.</summary>
    private static readonly Dictionary<string, string> s_deviations = new(StringComparer.Ordinal)
    {
        ["tensor_zerosize"] = "an empty array keeps its element type",
        ["nested"] = "the granularity of what lies within stays as it was sent",
    };

    [SharedDataTheory]
    [InlineData("gateway-to-exec0", 25)]
    [InlineData("client-to-exec0", 2)]
    public async Task Every_recorded_request_is_answered_as_Jina_did(string direction, int least)
    {
        await using var worker = await TestWorker.StartAsync("name: exec0, uses: Cap", new TestFlowOptions { Executors = [typeof(RecordedExecutor)] });
        var differences = new List<string>();
        var equal = 0;
        foreach (var recorded in RecordedCall.All(direction).Where(IsProcessing))
        {
            var (replies, status, trailers) = await recorded.RepeatAsync(worker.Channel);
            var difference = status.StatusCode != StatusCode.OK ? status.ToString()
                : s_deviations.ContainsKey(recorded.Name) ? null
                : Compare(recorded, Assert.Single(replies), trailers);
            if (difference is null)
            {
                equal++;
            }
            else
            {
                differences.Add($"{recorded.Name}: {difference}");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.InRange(equal, least, 100);
    }

    private static bool IsProcessing(RecordedCall call) =>
        call is { Status: "OK", Requests.Count: 1, Replies.Count: 1 } && (call.Method.EndsWith("/process_single_data", StringComparison.Ordinal) || call.Method.EndsWith("/process_data", StringComparison.Ordinal));

    private static string? Compare(RecordedCall recorded, byte[] reply, Metadata trailers)
    {
        var (theirs, ours) = (Normalize(recorded.Replies[0]), Normalize(reply));
        var failed = theirs.Header?.Status is not null;
        return failed != (trailers.GetValue("is-error") == "true") ? "is-error differs"
            : theirs.Equals(ours) ? null
            : $"{ours} instead of {theirs}";
    }

    /// <summary>Our errors have our own words.</summary>
    private static DataRequestProto Normalize(byte[] message)
    {
        var reply = DataRequestProto.Parser.ParseFrom(message);
        RecordedCall.NamePods(reply.Parameters);
        if (reply.Header?.Status is { } status)
        {
            reply.Header.Status = new StatusProto { Code = status.Code };
        }

        return reply;
    }
}
