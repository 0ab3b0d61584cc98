using FlowKit.Components;
using FlowKit.Components.Launching;
using FlowKit.Components.Remote;
using FlowKit.Components.Schemas;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Remote;
using FlowKit.Routing;
using FlowKit.Runtime.Autoscaling;
using FlowKit.Runtime.Channels;
using FlowKit.Runtime.Executors.Calls;
using FlowKit.Runtime.Executors.Loading;
using FlowKit.Telemetry;

namespace FlowKit.Runtime.Executors;

/// <summary>
/// The replicas of one executor, or of one of its shards, behind one channel: the free one takes the next. It outlives changes of the
/// graph, grows and shrinks, replaces its executors one after another, and restarts those that fail. The work is its parts'; this is their
/// face.
/// </summary>
internal sealed class ExecutorPool : IAsyncDisposable
{
    private readonly PoolState _state;
    private readonly ExecutorChannel _channel;
    private readonly ReplicaSet _replicas = new();
    private readonly WriteLock _writes;
    private readonly CircuitBreaker _circuit;
    private readonly InlineExecutor _inline;
    private readonly ReplicaRollout _rollout;
    private readonly PoolSnapshots _snapshots;
    private readonly HungCallWatch _watch;
    private readonly ChangeLock _changes = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly ExecutorPoolHost _host;

    public ExecutorPool(ExecutorRevision revision, int shard, ExecutorLoader loader, ExecutorPoolHost host)
    {
        _host = host;
        _state = new PoolState(revision, shard, host.ShowsStacks, host.Meters.Of(revision.Config.Name));
        _channel = new ExecutorChannel(revision.Config.Capacity, revision.Config.CapacityBytes, host.Time);
        _writes = new WriteLock(host.Time);
        var policy = new InlineExecutionPolicy(host.Time, host.ShortCall);
        var retries = new RetryPolicy(_state);
        var failures = new FailureHandler(_state, retries, host.End, host.Logger);
        var invoker = new ExecutorInvoker(_state, retries, _writes, policy, failures, host.Time);
        var worker = new ReplicaWorker(_state, retries, invoker, new BatchInvoker(_state, _writes, failures, host.Time), host.Time);
        _circuit = new CircuitBreaker(_state, _replicas, _channel, failures, host.Time);
        var restarter = new ReplicaRestarter(_state, loader, _circuit, host.Time, host.Logger, _stopped.Token);
        var supervisor = new ReplicaSupervisor(
            _state, _channel, _replicas, worker, restarter, _circuit, failures, host.Disposal, _changes, host.Time, host.Logger);
        _inline = new InlineExecutor(_state, _channel, retries, invoker, policy, host.Time);
        _rollout = new ReplicaRollout(_state, _channel, _replicas, supervisor, _circuit, loader, host.Disposal, _stopped.Token);
        _snapshots = new PoolSnapshots(_state, _channel, _replicas, _writes, host.Time);
        _watch = new HungCallWatch(_state, _replicas, host.Time, supervisor.ReplaceHung);
    }

    public string Name => _state.Name;

    public int Shard => _state.Shard;

    public ExecutorConfig Config => _state.Config;

    public PoolEndpoints Endpoints => _state.Endpoints;

    /// <summary>The endpoints that it names.</summary>
    public IEnumerable<string> EndpointNames => _state.Remote?.Endpoints ?? Endpoints.Names;

    /// <summary>
    /// Tells whether documents are looked at here: not where they are only passed on to an executor elsewhere, whole requests at a time.
    /// </summary>
    public bool ReadsDocuments => Config is { Launch: null, Uses: not RemoteSection.Executor } || Endpoints.HaveBatches;

    /// <summary>Tells whether its executor keeps state that it can write.</summary>
    public bool HasState => _state.Revision.Descriptor.HasState;

    /// <summary>The replicas that run outside this process and serve.</summary>
    public IEnumerable<LaunchedExecutor> Launched =>
        _replicas.ToArray().Where(replica => !replica.IsDown).Select(replica => replica.Executor).OfType<LaunchedExecutor>();

    /// <summary>Requests in the channel.</summary>
    public int Depth => _channel.Count;

    public PoolHealth Health
    {
        get
        {
            var load = _channel.Load;
            var (ready, busy) = CountReplicas();
            var here = new PoolHealth(
                Name, Shard, Config.Replicas, ready, busy, _state.Restarts, _state.Refusal is not null, _state.LastError, load.Requests,
                load.Usage.Documents, load.Usage.Bytes)
            {
                IsPaused = _state.IsPaused,
                InFlight = busy + load.Calls,
                OldestWait = load.OldestWait,
            };
            return _state.Remote?.Peers is { } peers ? Elsewhere(here, peers) : here;
        }
    }

    /// <summary>Reads the load, by which replicas are scaled; whether it was used is since it was read last.</summary>
    public PoolLoad ReadLoad()
    {
        var waiting = _channel.Load;
        return new PoolLoad(CountReplicas().Busy + waiting.Calls, waiting.OldestWait, _state.TakeUse(), _state.IsPaused);
    }

    /// <summary>
    /// Finds how an endpoint is answered: <see langword="null"/> when it is passed by, by an executor elsewhere also where that does not
    /// name it.
    /// </summary>
    public PoolEndpoint? Find(string endpoint)
    {
        var found = Endpoints.Find(endpoint);
        return found is null || _state.Remote?.Endpoints is not { } named || Names(named, endpoint) ? found : null;
    }

    /// <summary>Tells whether an endpoint changes what the executor keeps, as far as that is known.</summary>
    public bool Writes(string endpoint) => _state.Writes(endpoint);

    /// <summary>Returns what is known of an endpoint that it answers.</summary>
    public EndpointSchema? FindSchema(string endpoint)
    {
        if (Find(endpoint) is not { } found)
        {
            return null;
        }

        return _state.Remote is { } remote
            ? remote.FindSchema(endpoint)
            : EndpointSchema.Of(found.Method) with { IsWrite = !found.IsIdempotent };
    }

    /// <summary>
    /// Puts an item into the channel, waiting for room unless it ignores that; refuses at once while no replica can serve. Where calls are
    /// shorter than the way through the channel, and a replica is free, the sender makes the call itself.
    /// </summary>
    public ValueTask EnqueueAsync(WorkItem item, PoolEndpoint endpoint, bool ignoresCapacity = false)
    {
        if (_state.Refusal is { } refusal)
        {
            return item.Stage.Next.FailAsync(item, refusal);
        }

        _state.NoteUse();
        if (_inline.TryExecuteInline(item, endpoint, out var sending))
        {
            return sending;
        }

        item.Depth = 0;
        _host.Loops.Follow(item, _state, _replicas);
        if (endpoint.Batching is { } policy)
        {
            var parameters = ExecutorParameters.For(Name, item.Request.Call.Parameters);
            var key = new BatchKey(item.Request.Call.Endpoint, parameters.IsEmpty ? "" : parameters.Values.ToJsonString());
            item.Batched = new BatchedItem(key, policy, item.Documents);
        }

        var writing = _channel.Writer.OfferAsync(item, ignoresCapacity);
        return writing is { IsCompletedSuccessfully: true, Result: true } ? ValueTask.CompletedTask : AwaitRoomAsync(writing, item);
    }

    /// <summary>Finds why it does not serve, where its executor is elsewhere by asking there.</summary>
    public Task<FlowError?> FindFaultAsync(CancellationToken cancellationToken)
    {
        if (_state.Refusal is { } refusal)
        {
            return Task.FromResult<FlowError?>(refusal);
        }

        if (Config.Replicas == 0)
        {
            // The first request is held until one serves.
            return Task.FromResult<FlowError?>(null);
        }

        return Array.Find(_replicas.ToArray(), replica => !replica.IsDown)?.Executor switch
        {
            null => Task.FromResult<FlowError?>(
                new FlowError(FlowErrorCode.Unavailable, $"No replica of '{Name}' serves: {_state.LastError}") { Executor = Name }),
            IExecutorProbe elsewhere => elsewhere.ProbeAsync(cancellationToken),
            _ => Task.FromResult<FlowError?>(null),
        };
    }

    /// <summary>Loads the first replicas and serves.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _rollout.StartAsync(cancellationToken);
        _watch.Reset();
    }

    /// <summary>Changes how many replicas there are. Those that go finish their call first.</summary>
    public Task ScaleAsync(int replicas, CancellationToken cancellationToken) =>
        _changes.RunAsync(() => _rollout.ScaleAsync(replicas, cancellationToken), cancellationToken);

    /// <summary>
    /// Runs another revision, changing only what is different: nothing, the number of replicas, or the executors one after another.
    /// </summary>
    /// <exception cref="FlowKitException">The new one did not start; the old ones serve on.</exception>
    public Task ApplyAsync(ExecutorRevision revision, CancellationToken cancellationToken)
    {
        if (_state.Revision.RunsAs(revision))
        {
            return Config.Replicas == revision.Config.Replicas
                ? Task.CompletedTask
                : ScaleAsync(revision.Config.Replicas, cancellationToken);
        }

        return _changes.RunAsync(
            async () =>
            {
                await _rollout.ReplaceAsync(revision, cancellationToken);
                _watch.Reset();
            },
            cancellationToken);
    }

    /// <summary>Has requests wait in the channel, or go on; calls that have begun end.</summary>
    public void Pause(bool isPaused)
    {
        if (_state.TryPause(isPaused))
        {
            _channel.Pause(isPaused);
        }
    }

    /// <summary>Writes the state of one replica into a folder; no write runs meanwhile.</summary>
    public Task SnapshotAsync(string folder, CancellationToken cancellationToken) => _snapshots.WriteAsync(folder, cancellationToken);

    /// <summary>Has every replica take the state in a folder; requests wait in the channel meanwhile.</summary>
    public Task RestoreAsync(string folder, CancellationToken cancellationToken) =>
        _changes.RunAsync(() => _snapshots.RestoreAsync(folder, cancellationToken), cancellationToken);

    /// <summary>Takes nothing more and serves what is inside.</summary>
    /// <param name="timeout">The time that a call may still take.</param>
    /// <returns>Whether all replicas ended; one that ignores its cancellation may not.</returns>
    public async Task<bool> EndAsync(TimeSpan timeout)
    {
        _channel.Writer.TryComplete();
        _replicas.Close();
        await _stopped.CancelAsync();
        _watch.Dispose();
        try
        {
            await Task.WhenAll(_replicas.ToArray().SelectMany(replica => new[] { replica.Loop, replica.Replacement }))
                .WaitAsync(timeout, _host.Time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            _circuit.RefuseWaiting(CallFailure.Stopped());
        }
    }

    /// <summary>Disposes the executors whose replicas have ended.</summary>
    public async Task DisposeExecutorsAsync()
    {
        await Task.WhenAll(
            _replicas.ToArray().Where(replica => replica.Loop.IsCompleted && !replica.IsDown).Select(
                replica => _host.Disposal.DisposeAsync(replica.Executor)));
        _replicas.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(Timeout.InfiniteTimeSpan);
        await DisposeExecutorsAsync();
        _channel.Dispose();
        _writes.Dispose();
        _changes.Dispose();
        _stopped.Dispose();
    }

    private (int Ready, int Busy) CountReplicas() =>
        _replicas.Count(replica => replica.Reader.Slot.IsServing && !_channel.IsForRent(replica.Reader.Slot));

    /// <summary>The replicas are there; here are only as many as calls may be under way.</summary>
    private static PoolHealth Elsewhere(PoolHealth here, IReadOnlyList<PeerHealth> peers)
    {
        var reachable = peers.Count(peer => peer.IsReachable);
        return here with
        {
            Replicas = peers.Count,
            Ready = reachable,
            Busy = peers.Count(peer => peer.Outstanding > 0),
            InFlight = here.InFlight - here.Busy + peers.Sum(peer => peer.Outstanding),
            IsOpen = here.IsOpen || reachable == 0,
            LastError = here.LastError ?? peers.Select(peer => peer.LastError).FirstOrDefault(error => error is not null),
            Peers = peers,
        };
    }

    private static bool Names(IReadOnlySet<string> named, string endpoint) =>
        named.Contains(endpoint) || named.Contains(RequestsAttribute.Default) || endpoint == EndpointTable.DryRun;

    private async ValueTask AwaitRoomAsync(ValueTask<bool> writing, WorkItem item)
    {
        if (await writing.ConfigureAwait(false))
        {
            return;
        }

        FlowTelemetry.Skipped(Name);
        if (!item.Request.IsSettled)
        {
            await item.Stage.Next.FailAsync(item, _state.Refusal ?? CallFailure.Stopped()).ConfigureAwait(false);
        }
    }
}
