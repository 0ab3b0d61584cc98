using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Configuration.Flow;

/// <summary>Documents must not go in circles: every circle is drawn once.</summary>
internal sealed class CycleValidator(ConfigDiagnostics diagnostics)
{
    public void Validate(IReadOnlyList<ExecutorDraft> drafts)
    {
        var byName = drafts.DistinctBy(draft => draft.Name).ToDictionary(draft => draft.Name, StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var draft in byName.Values)
        {
            Walk(draft, byName, done);
        }
    }

    /// <summary>Goes up the needs with a stack of its own, since a long flow is no reason to overflow the thread's.</summary>
    private void Walk(ExecutorDraft start, Dictionary<string, ExecutorDraft> byName, HashSet<string> done)
    {
        var road = new List<ExecutorDraft>();
        var next = new Stack<IEnumerator<ExecutorDraft>>();
        Enter(start);
        while (next.Count > 0)
        {
            if (!next.Peek().MoveNext())
            {
                next.Pop();
                done.Add(road[^1].Name);
                road.RemoveAt(road.Count - 1);
                continue;
            }

            var needed = next.Peek().Current;
            var at = road.FindIndex(draft => draft.Name == needed.Name);
            if (at >= 0)
            {
                Report(road[at..]);
            }
            else if (!done.Contains(needed.Name))
            {
                Enter(needed);
            }
        }

        void Enter(ExecutorDraft draft)
        {
            if (!done.Contains(draft.Name))
            {
                road.Add(draft);
                next.Push(Needed(draft, byName).GetEnumerator());
            }
        }
    }

    private void Report(List<ExecutorDraft> circle)
    {
        if (circle.Count == 1)
        {
            return;
        }

        // The road runs against the documents; the drawing follows them, from the executor that is written first.
        circle.Reverse();
        var first = circle.MinBy(draft => (draft.Config.Place.Line, draft.Config.Place.Column))!;
        var drawn = circle.SkipWhile(draft => draft != first).Concat(
            circle.TakeWhile(draft => draft != first)).Append(first).Select(draft => draft.Shown);
        var place = first.Needs.Count > 0 ? first.Needs[0].Place : first.NamePlace;
        diagnostics.Add(place, $"{first.Path}.needs", $"the documents go in a circle: {string.Join(" → ", drawn)}");
    }

    private static IEnumerable<ExecutorDraft> Needed(ExecutorDraft draft, Dictionary<string, ExecutorDraft> byName) =>
        draft.Config.Needs.Where(byName.ContainsKey).Select(name => byName[name]);
}
