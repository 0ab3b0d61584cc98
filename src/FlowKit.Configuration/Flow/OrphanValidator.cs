using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Configuration.Flow;

/// <summary>An executor that the reply should wait for must get documents from one that the reply waits for.</summary>
internal sealed class OrphanValidator(ConfigDiagnostics diagnostics)
{
    public void Validate(IReadOnlyList<ExecutorDraft> drafts, InspectMode mode)
    {
        var beside = drafts.DistinctBy(draft => draft.Name)
            .Where(draft => draft.Config.Floating || (draft.Config.Inspects && mode == InspectMode.Hang))
            .ToDictionary(
                draft => draft.Name,
                draft => $"{draft.Shown} ({(draft.Config.Floating ? "floating" : "inspect: hang")})",
                StringComparer.Ordinal);
        foreach (var draft in drafts.Where(draft => !draft.Config.Floating && !draft.Config.Inspects && draft.Needs.Count > 0))
        {
            if (draft.Needs.All(need => beside.ContainsKey(need.Value)))
            {
                var drawn = string.Join(", ", draft.Needs.Select(need => beside[need.Value]).Distinct());
                diagnostics.Add(
                    draft.Needs[0].Place,
                    $"{draft.Path}.needs",
                    $"it can never reach the reply, which does not wait for what it needs: {drawn} → {draft.Shown}");
            }
        }
    }
}
