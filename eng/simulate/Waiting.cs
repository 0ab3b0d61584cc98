using System.Collections.Concurrent;
using System.Diagnostics;

namespace FlowKit.Simulate;

/// <summary>An executor whose calls take a known time and no processor, so that a machine of two cores can have many.</summary>
/// <param name="cost">The time, as <see cref="Cost.Read"/> reads it.</param>
internal sealed class Waiting(string cost) : Executor
{
    private static readonly ConcurrentDictionary<string, ConcurrentBag<(double Asked, double Took)>> s_calls = new();
    private static int s_made;

    private readonly Cost _cost = Cost.Read(cost);

    /// <summary>Another one in each instance: shards that take the same times would wait for no slowest.</summary>
    private readonly Random _random = new(Interlocked.Increment(ref s_made));

    /// <summary>Returns the seconds that the calls of an executor were to take and took, and forgets them: timers fire late.</summary>
    /// <param name="name">The executor's name.</param>
    public static IReadOnlyCollection<(double Asked, double Took)> TakeCalls(string name) =>
        s_calls.TryRemove(name, out var calls) ? calls : [];

    [Requests]
    public async Task WaitAsync(DocumentArray docs, CancellationToken cancellationToken)
    {
        var asked = _cost.Draw(docs.Count, _random);
        var begun = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(asked), cancellationToken);
        s_calls.GetOrAdd(Context.Name, _ => []).Add((asked, Stopwatch.GetElapsedTime(begun).TotalSeconds));
    }
}
