using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Flow;

/// <summary>Everything under <c>needs:</c> must be there, be another executor, and be named once.</summary>
internal sealed class NeedsValidator(ConfigDiagnostics diagnostics)
{
    public void Validate(IReadOnlyList<ExecutorDraft> drafts)
    {
        var names = drafts.Select(draft => draft.Name).Append(ExecutorNames.Gateway).ToHashSet(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var need in draft.Needs)
            {
                if (Explain(draft, need, names, seen) is { } message)
                {
                    diagnostics.Add(need.Place, $"{draft.Path}.needs", message);
                }
            }
        }
    }

    private static string? Explain(ExecutorDraft draft, YamlScalar need, HashSet<string> names, HashSet<string> seen)
    {
        if (!seen.Add(need.Value))
        {
            return $"{need.Shown} is named twice";
        }

        if (need.Value == draft.Name)
        {
            return "an executor cannot need itself";
        }

        if (names.Contains(need.Value))
        {
            return null;
        }

        return $"no executor is named {need.Shown}{(need.Form == ScalarForm.Substituted ? "" : NearestName.Hint(need.Value, names))}";
    }
}
