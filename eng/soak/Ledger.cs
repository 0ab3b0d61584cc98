using System.Collections.Concurrent;

namespace FlowKit.Soak;

/// <summary>Every request by its id: each is answered once, with its own documents, or refused for a reason that is allowed.</summary>
internal sealed class Ledger
{
    /// <summary>A killed worker fails the writes that it worked on, and a full flow refuses; nothing else may fail.</summary>
    private static readonly FlowErrorCode[] s_allowed = [FlowErrorCode.Unavailable, FlowErrorCode.ResourceExhausted];

    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _wrong = new();
    private long _asked;
    private long _answered;

    /// <summary>The number of requests.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <summary>The number of requests that were answered with their documents.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Failures by protocol and kind.</summary>
    public IEnumerable<KeyValuePair<string, int>> Failures => _failures.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    /// <summary>What must not be.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>Notes a request.</summary>
    public void Ask(string id)
    {
        Interlocked.Increment(ref _asked);
        _answers[id] = 0;
    }

    /// <summary>Notes the answer to a request.</summary>
    /// <param name="protocol">How it came.</param>
    /// <param name="id">The request.</param>
    /// <param name="problem">What is wrong with it.</param>
    public void Answer(string protocol, string id, string? problem)
    {
        Settle(protocol, id);
        Interlocked.Increment(ref _answered);
        if (problem is not null)
        {
            _wrong.Enqueue($"{protocol} {id}: {problem}");
        }
    }

    /// <summary>Notes that a request failed.</summary>
    public void Fail(string protocol, string id, FlowErrorCode code, string message)
    {
        Settle(protocol, id);
        _failures.AddOrUpdate($"{protocol} {code}", 1, static (_, count) => count + 1);
        if (!s_allowed.Contains(code))
        {
            _wrong.Enqueue($"{protocol} {id}: {code}: {message}");
        }
    }

    /// <summary>Adds the requests that were never answered.</summary>
    public void Close()
    {
        foreach (var id in _answers.Keys)
        {
            _wrong.Enqueue($"{id}: never answered");
        }
    }

    private void Settle(string protocol, string id)
    {
        if (!_answers.TryRemove(id, out _))
        {
            _wrong.Enqueue($"{protocol} {id}: answered twice, or never asked");
        }
    }
}
