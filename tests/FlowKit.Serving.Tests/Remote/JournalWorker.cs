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

    public static async Task<JournalWorker> StartAsync(string gateway = "port: 0")
    {
        var name = $"j{Guid.NewGuid():N}";
        var journal = s_journals.GetOrAdd(name, _ => new CallJournal());
        var worker = await TestWorker.StartAsync($"name: {name}, uses: Journal, replicas: 8", new TestFlowOptions { Executors = [typeof(JournalExecutor)] }, gateway);
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
