namespace FlowKit.Configuration;

/// <summary>No two executors may have one name; Jina renames the second silently.</summary>
internal sealed class ExecutorNameValidator(Problems problems)
{
    public void Validate(IReadOnlyList<ExecutorDraft> drafts)
    {
        var seen = new Dictionary<string, ExecutorDraft>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            if (!seen.TryAdd(draft.Name, draft))
            {
                problems.Add(draft.NamePlace, $"{draft.Path}.name", $"the name '{draft.Name}' is taken on line {seen[draft.Name].NamePlace.Line}; Jina would rename this one silently");
            }
        }
    }
}
