using System.Collections.Concurrent;
using FlowKit.Serving.Worker;
using FlowKit.TestKit;
using FlowKit.Wire.Grpc.Client;

namespace FlowKit.Serving.Remote;

/// <summary>A real worker whose executor notes every call, and holds them when it is told to.</summary>
internal sealed class JournalWorker : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, CallJournal> s_journals = new(StringComparer.Ordinal);

    private readonly TestWorker _worker;
    private readonly string _name;

    private JournalWorker(TestWorker worker, string name, CallJournal journal) => (_worker, _name, Journal) = (worker, name, journal);

    public CallJournal Journal { get; }

    public int Port => _worker.Port;

    public GrpcConnection Channel => _worker.Channel;

    /// <param name="gateway">Settings of the listener.</param>
    /// <param name="shard">The shard that it is; it is none of 1.</param>
    /// <param name="shards">How many there are.</param>
    public static async Task<JournalWorker> StartAsync(string gateway = "port: 0", int shard = 0, int shards = 1)
    {
        var name = $"j{Guid.NewGuid():N}";
        var journal = s_journals.GetOrAdd(name, _ => new CallJournal());
        var options = new TestFlowOptions
        {
            Executors = [typeof(JournalExecutor)],
            Configure = config => shards == 1 ? config : config with { Executors = [config.Executors[0] with { ShardId = shard }] },
        };
        var worker = await TestWorker.StartAsync($"name: {name}, uses: Journal, replicas: 8, shards: {shards}", options, gateway);
        return new JournalWorker(worker, name, journal);
    }

    public static CallJournal Of(string name) => s_journals[name];

    public async ValueTask DisposeAsync()
    {
        Journal.Release();
        await _worker.DisposeAsync();
        s_journals.TryRemove(_name, out _);
    }
}

/// <summary>The calls that a worker has seen.</summary>
internal sealed class CallJournal
{
    private readonly ConcurrentQueue<string> _seen = new();
    private volatile TaskCompletionSource _open = Opened();
    private int _cancelled;

    /// <summary>How many calls were given up by their caller.</summary>
    public int Cancelled => Volatile.Read(ref _cancelled);

    public int Seen(string endpoint) => _seen.Count(each => each == endpoint);

    public void Forget() => _seen.Clear();

    public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _open.TrySetResult();

    public async Task PassAsync(string endpoint, CancellationToken cancellationToken)
    {
        _seen.Enqueue(endpoint);
        try
        {
            await _open.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
            throw;
        }
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}

/// <summary>Writes under a name that says nothing of it, and reads.</summary>
[Executor("Journal")]
public sealed class JournalExecutor : Executor
{
    [Requests("/add"), Write]
    public Task AddAsync(RequestContext request, CancellationToken cancellationToken) => PassAsync(request, cancellationToken);

    [Requests("/look")]
    public Task LookAsync(RequestContext request, CancellationToken cancellationToken) => PassAsync(request, cancellationToken);

    private Task PassAsync(RequestContext request, CancellationToken cancellationToken) =>
        JournalWorker.Of(Context.Name).PassAsync(request.Endpoint, cancellationToken);
}
