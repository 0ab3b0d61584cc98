using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Configuration.Flow;

/// <summary>Under <c>inspect: remove</c> nothing may need what is left out.</summary>
internal sealed class InspectValidator(ConfigDiagnostics diagnostics)
{
    public void Validate(IReadOnlyList<ExecutorDraft> drafts, InspectMode mode)
    {
        if (mode != InspectMode.Remove)
        {
            return;
        }

        var removed = drafts.Where(draft => draft.Config.Inspects).DistinctBy(draft => draft.Name).ToDictionary(
            draft => draft.Name, draft => draft.Shown, StringComparer.Ordinal);
        foreach (var draft in drafts.Where(draft => !draft.Config.Inspects))
        {
            foreach (var need in draft.Needs.Where(need => removed.ContainsKey(need.Value)))
            {
                diagnostics.Add(
                    need.Place,
                    $"{draft.Path}.needs",
                    $"'inspect: remove' leaves out what it needs: {removed[need.Value]} (inspect) → {draft.Shown}");
            }
        }
    }
}
