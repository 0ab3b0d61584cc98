using FlowKit.Components;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Remote;
using FlowKit.Runtime.Channels;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Executors;

/// <summary>
/// The replicas of one executor, or of one of its shards, behind one channel: the free one takes the next. It outlives changes of the graph,
/// grows and shrinks, replaces its executors one after another, and restarts those that fail.
/// </summary>
internal sealed partial class ExecutorPool : IAsyncDisposable
{
    private readonly ExecutorLoader _loader;
    private readonly ExecutorDisposal _disposal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ExecutorChannel _channel;
    private readonly ExecutorInvoker _single;
    private readonly BatchInvoker _batch;
    private readonly RetryBudget _budget = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Lock _lock = new();
    private readonly List<Replica> _replicas = [];
    private readonly List<Replica> _abandoned = [];
    private readonly Action<FlowError> _end;
    private ITimer? _watch;
    private volatile ExecutorRevision _version;
    private volatile FlowError? _open;
    private volatile IRemoteEndpointSource? _elsewhere;
    private string? _lastError;
    private int _restarts;

    public ExecutorPool(ExecutorRevision version, int shard, ExecutorLoader loader, ExecutorDisposal disposal, TimeProvider time, ILogger logger, InlineExecutionPolicy pace, Action<FlowError> end)
    {
        _version = version;
        Shard = shard;
        _loader = loader;
        _disposal = disposal;
        _time = time;
        _logger = logger;
        _end = end;
        _channel = new ExecutorChannel(version.Config.Capacity, version.Config.CapacityBytes, time);
        Pace = pace;
        _single = new ExecutorInvoker(this, time);
        _batch = new BatchInvoker(this, time);
    }

    public string Name => _version.Config.Name;

    public int Shard { get; }

    /// <summary>What its results are reported under: each shard has its own.</summary>
    public string ResultName => Config.Shards > 1 ? $"{Name}/{Shard}" : Name;

    public ExecutorConfig Config => _version.Config;

    /// <summary>Whether the work is done in another process: whoever brings the documents only sends them there.</summary>
    private bool IsElsewhere => Config.Launch is not null;

    public PoolEndpoints Endpoints => _version.Endpoints;

    /// <summary>The endpoints that it names.</summary>
    public IEnumerable<string> EndpointNames => _elsewhere?.Endpoints ?? Endpoints.Names;

    /// <summary>Whether documents are looked at here: not where they are only passed on to an executor elsewhere, whole requests at a time.</summary>
    public bool ReadsDocuments => Config is { Launch: null, Uses: not RemoteSection.Executor } || Endpoints.HaveBatches;

    /// <summary>How long its calls take.</summary>
    public InlineExecutionPolicy Pace { get; }

    /// <summary>Requests in the channel.</summary>
    public int Depth => _channel.Count;

    public PoolHealth Health
    {
        get
        {
            var load = _channel.Usage;
            lock (_lock)
            {
                var ready = _replicas.Count(replica => !replica.IsDown);
                var busy = _replicas.Count(replica => !replica.IsDown && replica.Reader.IsServing && !_channel.IsFree(replica.Reader));
                return new PoolHealth(Name, Shard, Config.Replicas, ready, busy, _restarts, _open is not null, _lastError, _channel.Count, load.Documents, load.Bytes);
            }
        }
    }

    /// <summary>How an endpoint is answered, or <see langword="null"/> when it is passed by: by an executor elsewhere also where that does not name it.</summary>
    public PoolEndpoint? Find(string endpoint) =>
        Endpoints.Find(endpoint) is { } found && (_elsewhere?.Endpoints is not { } named || named.Contains(endpoint) || named.Contains(RequestsAttribute.Default) || endpoint == EndpointTable.DryRun)
            ? found
            : null;

    /// <summary>
    /// Puts an item into the channel, waiting for room unless it has had its room already; refuses at once while no replica can serve. Where calls are
    /// shorter than the way through the channel, and a replica is free, the sender makes the call itself.
    /// </summary>
    public ValueTask EnqueueAsync(WorkItem item, PoolEndpoint endpoint, bool hasRoom = false)
    {
        if (_open is { } open)
        {
            return item.Stage.Next.FailAsync(item, open);
        }

        if ((Pace.IsShort || IsElsewhere) && endpoint.Batching is null && item.Depth < DeepestCalls && TryRentReader(out var reader))
        {
            return ServeHereAsync(reader.Replica!, item, endpoint);
        }

        item.Depth = 0;
        item.Usage = new QueueUsage(Math.Max(item.Documents.Count, 1), _channel.CountsBytes ? ContentSize.Of(item.Documents) : 0);
        if (endpoint.Batching is { } policy)
        {
            var parameters = Routing.ExecutorParameters.For(Name, item.Request.Call.Parameters);
            var key = new BatchKey(item.Request.Call.Endpoint, parameters.IsEmpty ? "" : parameters.Values.ToJsonString());
            item.Batched = new BatchedItem(key, policy, item.Documents);
        }

        FlowTelemetry.Enqueued(Name);
        var sent = _channel.SendAsync(item, hasRoom);
        return sent is { IsCompletedSuccessfully: true, Result: true } ? ValueTask.CompletedTask : AwaitRoomAsync(sent, item);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(Timeout.InfiniteTimeSpan);
        await DisposeExecutorsAsync();
        _channel.Dispose();
        _writing.Dispose();
        _changing.Dispose();
        _stopped.Dispose();
    }

    /// <summary>Takes nothing more and serves what is inside.</summary>
    /// <param name="patience">How long a call may still take.</param>
    /// <returns>Whether all replicas ended; one that ignores its cancellation may not.</returns>
    public async Task<bool> EndAsync(TimeSpan patience)
    {
        _channel.Complete();
        await _stopped.CancelAsync();
        _watch?.Dispose();
        try
        {
            await Task.WhenAll(Replicas().Select(replica => replica.Loop)).WaitAsync(patience, _time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            RefuseWaiting(CallFailure.Stopped());
        }
    }

    /// <summary>Disposes the executors whose replicas have ended.</summary>
    public async Task DisposeExecutorsAsync()
    {
        await Task.WhenAll(Replicas().Where(replica => replica.Loop.IsCompleted && !replica.IsDown).Select(replica => _disposal.DisposeAsync(replica.Executor)));

        lock (_lock)
        {
            _replicas.Clear();
        }
    }

    private async ValueTask AwaitRoomAsync(ValueTask<bool> sent, WorkItem item)
    {
        if (await sent.ConfigureAwait(false))
        {
            return;
        }

        FlowTelemetry.Started(Name, skipped: true);
        if (!item.Request.IsSettled)
        {
            await item.Stage.Next.FailAsync(item, _open ?? CallFailure.Stopped()).ConfigureAwait(false);
        }
    }

    private Replica[] Replicas()
    {
        lock (_lock)
        {
            return [.. _replicas];
        }
    }
}
