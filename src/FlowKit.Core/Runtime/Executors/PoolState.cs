using FlowKit.Components.Launching;
using FlowKit.Components.Remote;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Telemetry.Jina;

namespace FlowKit.Runtime.Executors;

/// <summary>The state that the parts of one pool share: the revision that it runs, and how it stands.</summary>
internal sealed class PoolState(ExecutorRevision revision, int shard, bool showsStacks, JinaExecutorMeter meter)
{
    private volatile ExecutorRevision _revision = revision;
    private volatile FlowError? _refusal;
    private volatile IRemoteEndpointSource? _remote;
    private volatile string? _lastError;
    private int _restarts;
    private bool _isPaused;
    private bool _isUsed;

    public string Name { get; } = revision.Config.Name;

    public int Shard => shard;

    /// <summary>Tells whether callers are told the stack of what its executor threw.</summary>
    public bool ShowsStacks => showsStacks;

    /// <summary>The instruments under Jina's names.</summary>
    public JinaExecutorMeter Meter => meter;

    private bool IsSharded { get; } = revision.Config.Shards > 1;

    /// <summary>The revision that new replicas run.</summary>
    public ExecutorRevision Revision
    {
        get => _revision;
        set => _revision = value;
    }

    public ExecutorConfig Config => _revision.Config;

    public PoolEndpoints Endpoints => _revision.Endpoints;

    /// <summary>The answer to every request while no replica serves; <see langword="null"/> while one does.</summary>
    public FlowError? Refusal
    {
        get => _refusal;
        set => _refusal = value;
    }

    /// <summary>The executor elsewhere that tells its endpoints itself; <see langword="null"/> where the one here does.</summary>
    public IRemoteEndpointSource? Remote
    {
        get => _remote;
        set => _remote = value;
    }

    /// <summary>
    /// The message of the last failure, without the lines of a worker's log: those are for the flow's log, not for whoever asks how it is.
    /// </summary>
    public string? LastError
    {
        get => _lastError;
        set => _lastError = value is null ? null : SecretValues.Scrub(WorkerLines.CutFrom(value));
    }

    /// <summary>Tells whether an operator has its requests wait.</summary>
    public bool IsPaused => Volatile.Read(ref _isPaused);

    /// <summary>The number of times that a replica was restarted or replaced after failing.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>Tells whether the work is done in another process: whoever brings the documents only sends them there.</summary>
    public bool IsElsewhere => Config.Launch is not null;

    /// <summary>Tells whether an endpoint changes what the executor keeps, as far as that is known.</summary>
    public bool Writes(string endpoint) =>
        Endpoints.Find(endpoint) is { IsIdempotent: false } || _remote?.Writes(endpoint) == true;

    /// <summary>
    /// Tells whether a call that the executor may have seen can be made again: of one elsewhere only where it is known that it only reads,
    /// whatever the endpoint is called.
    /// </summary>
    public bool MayRepeat(string endpoint) =>
        Endpoints.Find(endpoint) is { IsIdempotent: true } && (_remote is not { } remote || remote.Writes(endpoint) == false);

    /// <summary>The name under which a replica reports results, as Jina names its pods.</summary>
    public string ResultName(Replica replica) => ResultName(IsSharded ? $"{Name}/shard-{Shard}" : Name, replica.Id);

    /// <summary>
    /// The name of a result that an executor reported with its own names: what a process of this flow reports for itself is the replica's.
    /// </summary>
    public string ResultName(Replica replica, string reported) =>
        replica.Executor is LaunchedExecutor launched && reported == ResultName(launched.Context.Name, 0)
            ? ResultName(replica)
            : reported;

    /// <summary>The labels under which Jina's instruments tell of a call.</summary>
    public JinaCall LabelsOf(Replica replica, string endpoint) => new(ResultName(replica), Revision.Descriptor.Type.Name, endpoint);

    private static string ResultName(string pod, int replica) => $"{pod}/rep-{replica}";

    /// <summary>Notes that its requests wait, or go on.</summary>
    /// <returns>Whether that is a change.</returns>
    public bool TryPause(bool isPaused) => Interlocked.Exchange(ref _isPaused, isPaused) != isPaused;

    /// <summary>Notes that a request came. It is written only when that was not known, since all that send would share the place.</summary>
    public void NoteUse()
    {
        if (!Volatile.Read(ref _isUsed))
        {
            Volatile.Write(ref _isUsed, true);
        }
    }

    /// <summary>Tells whether a request came since this was asked last.</summary>
    public bool TakeUse() => Interlocked.Exchange(ref _isUsed, false);

    public void CountRestart() => Interlocked.Increment(ref _restarts);
}
