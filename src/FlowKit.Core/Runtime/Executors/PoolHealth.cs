using FlowKit.Components;
using FlowKit.Runtime.Autoscaling;

namespace FlowKit.Runtime.Executors;

/// <summary>The health of the replicas of one executor, or of one of its shards.</summary>
/// <param name="Executor">The executor's name.</param>
/// <param name="Shard">The shard, from 0.</param>
/// <param name="Replicas">How many there are to be.</param>
/// <param name="Ready">How many serve.</param>
/// <param name="Busy">How many of those are at work now.</param>
/// <param name="Restarts">How often one has been restarted or replaced after failing.</param>
/// <param name="IsOpen">Whether the circuit is open: no replica serves, and requests are refused at once.</param>
/// <param name="LastError">What the last failure said; <see langword="null"/> when there was none.</param>
/// <param name="Requests">Requests in its channel.</param>
/// <param name="Documents">Documents in its channel.</param>
/// <param name="Bytes">Bytes of content in its channel, where they are counted.</param>
public sealed record PoolHealth(
    string Executor,
    int Shard,
    int Replicas,
    int Ready,
    int Busy,
    int Restarts,
    bool IsOpen,
    string? LastError,
    int Requests,
    int Documents,
    long Bytes)
{
    /// <summary>
    /// The replicas of an executor elsewhere, which <see cref="Replicas"/> counts then; empty for one that is started here.
    /// </summary>
    public IReadOnlyList<PeerHealth> Peers { get; init; } = [];

    /// <summary>
    /// The calls that are under way or wait, which replicas are scaled by; a request that waits for a batch is its part of a full one.
    /// </summary>
    public double InFlight { get; init; }

    /// <summary>The time that the oldest request has waited in its channel; zero when none does.</summary>
    public TimeSpan OldestWait { get; init; }

    /// <summary>The state of its autoscaling; <see langword="null"/> where its replicas do not follow its load.</summary>
    public AutoscaleStatus? Autoscale { get; init; }

    /// <summary>Tells whether requests wait before it because an operator has paused it.</summary>
    public bool IsPaused { get; init; }
}
