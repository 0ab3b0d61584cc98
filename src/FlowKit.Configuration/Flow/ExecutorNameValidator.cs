using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Configuration.Flow;

/// <summary>No two executors may have one name; Jina renames the second silently.</summary>
internal sealed class ExecutorNameValidator(ConfigDiagnostics diagnostics)
{
    public void Validate(IReadOnlyList<ExecutorDraft> drafts)
    {
        var seen = new Dictionary<string, ExecutorDraft>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            if (!seen.TryAdd(draft.Name, draft))
            {
                diagnostics.Add(draft.NamePlace, $"{draft.Path}.name", $"the name '{draft.Shown}' is taken "
                    + $"{Where(seen[draft.Name].NamePlace, draft.NamePlace)}; Jina would rename this one silently");
            }
        }
    }

    private static string Where(SourcePlace place, SourcePlace from) =>
        place.File == from.File ? $"on line {place.Line}" : $"on line {place.Line} of {Path.GetFileName(place.File)}";
}
