namespace FlowKit.Runtime.Executors.Calls;

/// <summary>A token that ends when nobody waits any more for any document of a batch.</summary>
internal sealed class BatchCallers : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly List<CancellationTokenRegistration> _registrations = [];
    private int _waiting;

    public BatchCallers(IEnumerable<WorkItem> items)
    {
        var requests = items.Select(item => item.Request).Distinct().ToList();
        _waiting = requests.Count;
        foreach (var request in requests)
        {
            _registrations.Add(request.Token.UnsafeRegister(static state => ((BatchCallers)state!).Lose(), this));
        }
    }

    public CancellationToken Token => _gone.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Unregister();
        }
    }

    private void Lose()
    {
        if (Interlocked.Decrement(ref _waiting) == 0)
        {
            _gone.Cancel();
        }
    }
}
