using FlowKit.Runtime.Requests;

namespace FlowKit.Runtime.Stages;

/// <summary>What random flows meet too seldom to rely on: two batches of one shard that fail one after another.</summary>
public sealed class ShardedItemTests
{
    [Fact]
    public void A_shard_that_fails_twice_does_not_stand_for_another()
    {
        using var request = new RequestState(new FlowRequest("/search", [new Document("1")]), ["a"], TimeProvider.System, null, default, CancellationToken.None, CancellationToken.None);
        var gathering = new ShardedItem("a", new WorkItem(request, request.Call.Documents), expected: 2);
        var error = new FlowError(FlowErrorCode.DeadlineExceeded, "hung");

        Assert.False(gathering.Arrive(0, [new Document("1")], error));
        Assert.False(gathering.Arrive(0, [new Document("1")], error));
        Assert.True(gathering.Arrive(1, [new Document("1")], null));

        Assert.Equal([(0, error)], gathering.Errors);
        Assert.Equal(1, gathering.Answered);
    }
}
