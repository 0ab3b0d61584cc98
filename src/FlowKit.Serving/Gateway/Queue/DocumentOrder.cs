namespace FlowKit.Serving.Gateway.Queue;

/// <summary>
/// The order of requests that are under way at once: those that share a document go one after another, as they came; one that names no
/// document, such as a removal by filter, goes after all before it and before all after it.
/// </summary>
internal sealed class DocumentOrder
{
    private readonly Lock _lock = new();
    private readonly List<(HashSet<string> Ids, Task Done)> _underWay = [];

    /// <summary>The number of requests that are under way.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _underWay.Count;
            }
        }
    }

    /// <summary>Runs a request in its turn; calls of this method are the order.</summary>
    /// <param name="ids">The ids of its documents; none for one that may concern all.</param>
    /// <param name="run">Runs it; must not throw.</param>
    public Task Run(IEnumerable<string> ids, Func<Task> run)
    {
        var own = ids.ToHashSet(StringComparer.Ordinal);
        lock (_lock)
        {
            var before = _underWay.Where(other => own.Count == 0 || other.Ids.Count == 0 || own.Overlaps(other.Ids));
            var done = RunAfterAsync([.. before.Select(other => other.Done)], run);
            if (!done.IsCompleted)
            {
                _underWay.Add((own, done));
                _ = LeaveAsync(done);
            }

            return done;
        }
    }

    /// <summary>Waits for all that are under way.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_underWay.Select(other => other.Done));
        }
    }

    private static async Task RunAfterAsync(Task[] before, Func<Task> run)
    {
        await Task.WhenAll(before).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await run();
    }

    private async Task LeaveAsync(Task done)
    {
        await done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            _underWay.RemoveAll(other => other.Done == done);
        }
    }
}
