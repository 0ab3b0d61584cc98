using FlowKit.Configuration.Executors;

namespace FlowKit.Graph;

/// <summary>
/// The executors that nobody needs. As in Jina only the last one that is written makes the reply, with those that inspect; the others float
/// with what leads only to them. Where that begins in several places, or is joined with other branches by what floats, it is one request no
/// more, and the reply waits for it instead.
/// </summary>
internal sealed class FlowEnds
{
    private readonly HashSet<string> _roots = new(StringComparer.Ordinal);

    /// <param name="ordered">The executors, each after all that it needs.</param>
    /// <param name="written">The same as they are written.</param>
    /// <param name="floats">Tells whether an executor is said to float.</param>
    public FlowEnds(
        IReadOnlyList<ExecutorConfig> ordered, IReadOnlyList<ExecutorConfig> written, Func<ExecutorConfig, bool> floats)
    {
        var floating = new HashSet<string>(StringComparer.Ordinal);
        foreach (var executor in ordered.Where(executor => floats(executor) || executor.Needs.Any(floating.Contains)))
        {
            floating.Add(executor.Name);
        }

        var waited = ordered.Where(executor => !floating.Contains(executor.Name)).ToList();
        var needed = waited.SelectMany(executor => executor.Needs).ToHashSet(StringComparer.Ordinal);
        var ends = waited.Where(executor => !needed.Contains(executor.Name)).ToList();
        var last = written.LastOrDefault(executor => !executor.Inspects && ends.Contains(executor));
        Reply = [.. ends.Where(end => end.Inspects || end == last).OrderBy(end => end.Inspects).Select(end => end.Name)];
        Awaited = [.. ends.Select(end => end.Name).Except(Place(BesideReply(waited), ordered))];
    }

    /// <summary>The ends whose documents make the reply, those that only inspect last.</summary>
    public IReadOnlyList<string> Reply { get; }

    /// <summary>The ends that the reply waits for without taking their documents.</summary>
    public IReadOnlyList<string> Awaited { get; }

    /// <summary>Tells whether an executor begins to float because nothing behind it reaches the reply.</summary>
    /// <param name="name">Its name.</param>
    public bool Floats(string name) => _roots.Contains(name);

    /// <summary>The executors from which no road leads to the reply.</summary>
    private List<ExecutorConfig> BesideReply(List<ExecutorConfig> waited)
    {
        var reaching = Reply.ToHashSet(StringComparer.Ordinal);
        foreach (var executor in Enumerable.Reverse(waited).Where(executor => reaching.Contains(executor.Name)))
        {
            reaching.UnionWith(executor.Needs);
        }

        return [.. waited.Where(executor => !reaching.Contains(executor.Name))];
    }

    /// <summary>Finds where each group of them begins.</summary>
    /// <returns>The ends that the reply does not wait for, and those that make it.</returns>
    private List<string> Place(List<ExecutorConfig> beside, IReadOnlyList<ExecutorConfig> all)
    {
        List<string> placed = [.. Reply];
        var names = beside.Select(executor => executor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var group in GroupsOf(beside))
        {
            var entries = group.Where(executor => !executor.Needs.All(names.Contains)).ToList();
            var members = group.Select(executor => executor.Name).ToHashSet(StringComparer.Ordinal);
            var isJoined = all.Except(group).Any(other => other.Needs.Any(members.Contains) && !other.Needs.All(members.Contains));
            if (entries is [var only] && !isJoined)
            {
                _roots.Add(only.Name);
                placed.AddRange(members);
            }
        }

        return placed;
    }

    /// <summary>Executors that are joined by needs, however far.</summary>
    private static List<List<ExecutorConfig>> GroupsOf(List<ExecutorConfig> executors)
    {
        var groups = new List<List<ExecutorConfig>>();
        foreach (var executor in executors)
        {
            var joined = groups.Where(group => group.Exists(other => executor.Needs.Contains(other.Name))).ToList();
            groups.RemoveAll(joined.Contains);
            groups.Add([.. joined.SelectMany(group => group), executor]);
        }

        return groups;
    }
}
