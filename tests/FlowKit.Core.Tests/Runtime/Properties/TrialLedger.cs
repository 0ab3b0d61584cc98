using System.Collections.Concurrent;

namespace FlowKit.Runtime.Properties;

/// <summary>What the executors of one trial did, and which documents their trouble touched; written by many threads.</summary>
internal sealed class TrialLedger(FlowPlan plan)
{
    private const int Most = 8;

    private readonly int[] _visits = new int[plan.Nodes.Count * plan.Requests.Count * Most];
    private readonly bool[] _touched = new bool[plan.Nodes.Count * plan.Requests.Count * Most];
    private readonly bool[] _doomed = new bool[plan.Nodes.Count * plan.Requests.Count * Most];
    private readonly bool[] _failedEmpty = new bool[plan.Nodes.Count];
    private readonly int[] _calls = new int[plan.Nodes.Count];
    private readonly ConcurrentQueue<string> _problems = new();

    /// <summary>What must never happen, and did.</summary>
    public IEnumerable<string> Problems => _problems;

    public void Report(string problem)
    {
        // A few tell the story; a flow that goes wrong in a circle would tell it for ever.
        if (_problems.Count < 20)
        {
            _problems.Enqueue(problem);
        }
    }

    /// <summary>The number of a call of an executor, from 1.</summary>
    public int Call(int node) => Interlocked.Increment(ref _calls[node]);

    /// <summary>A document has been marked by an executor.</summary>
    public void Visit(int node, DocumentPlace place) => Interlocked.Increment(ref _visits[At(node, place)]);

    public int Visits(int node, DocumentPlace place) => Volatile.Read(ref _visits[At(node, place)]);

    /// <summary>A document was in a call that failed, and may have failed with it.</summary>
    public void Heartbeat(int node, DocumentPlace place) => Volatile.Write(ref _touched[At(node, place)], true);

    public bool IsTouched(int node, DocumentPlace place) => Volatile.Read(ref _touched[At(node, place)]);

    /// <summary>A document cannot have come through.</summary>
    public void Doom(int node, DocumentPlace place) => Volatile.Write(ref _doomed[At(node, place)], true);

    public bool IsDoomed(int node, DocumentPlace place) => Volatile.Read(ref _doomed[At(node, place)]);

    /// <summary>A call without documents failed; nobody knows whose it was.</summary>
    public void FailEmpty(int node) => Volatile.Write(ref _failedEmpty[node], true);

    public bool HasFailedEmpty(int node) => Volatile.Read(ref _failedEmpty[node]);

    private int At(int node, DocumentPlace place) => (((node * plan.Requests.Count) + place.Request) * Most) + place.Index;
}
