using FlowKit.Wire.Grpc.Client;
using Microsoft.Extensions.Time.Testing;

namespace FlowKit.Serving.Remote;

/// <summary>What a replica elsewhere is known for, and what that means for the next call.</summary>
public sealed class PeerRecordTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Five_failures_in_a_row_are_left_alone_for_longer_each_time_until_one_succeeds()
    {
        var record = new PeerRecord(_time);
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            Fail(record, 5);
            Assert.True(record.Rests);
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.True(record.Rests);
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.False(record.Rests);
        }

        record.Succeeded();
        Fail(record, 5);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(record.Rests);
    }

    [Fact]
    public void A_success_between_failures_begins_anew()
    {
        var record = new PeerRecord(_time);
        Fail(record, 4);
        record.Succeeded();
        Fail(record, 4);

        Assert.False(record.Rests);
        Assert.Equal("no", record.LastError);
    }

    [Fact]
    public void It_can_be_reached_as_it_was_asked_last()
    {
        var record = new PeerRecord(_time);
        Assert.True(record.IsReachable);
        record.Asked("silence");
        Assert.False(record.IsReachable);
        record.Asked(null);

        Assert.True(record.IsReachable);
        Assert.Equal("silence", record.LastError);
    }

    [Fact]
    public void One_that_fails_is_passed_by_unless_most_do()
    {
        RemotePeer[] peers = [Peer(1), Peer(2), Peer(3)];
        Fail(peers[0].Record, 5);
        Assert.DoesNotContain(peers[0], Chosen(peers));

        Fail(peers[1].Record, 5);
        Assert.Equal(3, Chosen(peers).Distinct().Count());
    }

    [Fact]
    public void One_that_cannot_be_reached_is_asked_when_there_is_no_other()
    {
        RemotePeer[] peers = [Peer(1), Peer(2)];
        peers[0].Record.Asked("silence");

        Assert.All(Chosen(peers), chosen => Assert.Same(peers[1], chosen));
        Assert.Same(peers[0], PeerSelection.Choose(peers, [peers[1]]));
        peers[1].Record.Asked("silence");
        Assert.Equal(2, Chosen(peers).Distinct().Count());
    }

    [Fact]
    public void One_that_came_later_gets_its_share_bit_by_bit()
    {
        RemotePeer[] peers = [Peer(1), Peer(2, isLate: true)];

        var cold = Chosen(peers).Count(chosen => chosen == peers[1]);
        _time.Advance(TimeSpan.FromSeconds(5));
        var warm = Chosen(peers).Count(chosen => chosen == peers[1]);
        _time.Advance(TimeSpan.FromSeconds(5));
        var whole = Chosen(peers).Count(chosen => chosen == peers[1]);

        Assert.InRange(cold, 20, 200);
        Assert.InRange(warm, 220, 450);
        Assert.InRange(whole, 400, 600);
    }

    private static List<RemotePeer> Chosen(RemotePeer[] peers) => [.. Enumerable.Range(0, 1000).Select(_ => PeerSelection.Choose(peers, []))];

    private static void Fail(PeerRecord record, int times)
    {
        for (var index = 0; index < times; index++)
        {
            record.Failed("no");
        }
    }

    private RemotePeer Peer(int port, bool isLate = false) => new(new Uri($"grpc://127.0.0.1:{port}"), null, new GrpcConnectionOptions(), _time, isLate);
}
