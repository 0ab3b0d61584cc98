namespace FlowKit.Simulate;

/// <summary>One shard of a node: its queue and its replicas.</summary>
internal sealed class SimulatedShard(int node, SimulatedNode config)
{
    private readonly Queue<(SimulatedCall Call, int Documents, double Since)> _queue = new();

    /// <summary>The index of its node.</summary>
    public int Node => node;

    /// <summary>Its node.</summary>
    public SimulatedNode Config => config;

    /// <summary>The replicas that work.</summary>
    public int Busy { get; set; }

    /// <summary>The seconds that replicas have worked.</summary>
    public double Worked { get; set; }

    /// <summary>The documents that wait.</summary>
    public int Queued { get; private set; }

    /// <summary>Tells whether some documents have room.</summary>
    public bool HasRoom(int documents) => Queued + documents <= config.Capacity;

    /// <summary>Puts a part of a request at the end of the queue.</summary>
    public void Add(SimulatedCall call, int documents, double now)
    {
        _queue.Enqueue((call, documents, now));
        Queued += documents;
    }

    /// <summary>Returns when the next call may begin: now, later, or <see langword="null"/> while nothing waits or nobody is free.</summary>
    public double? NextStart(double now)
    {
        if (_queue.Count == 0 || Busy == config.Replicas)
        {
            return null;
        }

        return config.Batching is { } batching && batching.Timeout > TimeSpan.Zero && Queued < batching.PreferredBatchSize
            ? Math.Max(now, _queue.Peek().Since + batching.Timeout.TotalSeconds)
            : now;
    }

    /// <summary>Takes the parts of the next call off the queue.</summary>
    public (List<SimulatedCall> Calls, int Documents) Take()
    {
        var calls = new List<SimulatedCall>();
        var most = config.Batching is not { } batching ? 0
            : batching.FlushAll ? int.MaxValue : batching.MaxBatchSize ?? batching.PreferredBatchSize;
        var documents = 0;
        do
        {
            var (call, count, _) = _queue.Dequeue();
            calls.Add(call);
            documents += count;
        }
        while (_queue.TryPeek(out var next) && documents + next.Documents <= most);

        Queued -= documents;
        return (calls, documents);
    }
}
