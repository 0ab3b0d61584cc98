using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Configuration.Flow;

/// <summary>Warns of executors whose documents are in no reply, as in Jina: of several that nobody needs only the last makes it.</summary>
internal sealed class EndsValidator(ConfigDiagnostics diagnostics)
{
    public void Validate(IReadOnlyList<ExecutorDraft> drafts, InspectMode mode)
    {
        var waited = drafts.Where(draft => !draft.Config.Floating && !(draft.Config.Inspects && mode != InspectMode.Collect)).ToList();
        var needed = waited.SelectMany(draft => draft.Config.Needs).ToHashSet(StringComparer.Ordinal);
        var ends = waited.Where(draft => !draft.Config.Inspects && !needed.Contains(draft.Name)).ToList();
        foreach (var end in ends.SkipLast(1))
        {
            diagnostics.Warn(
                end.Config.Place,
                end.Path,
                $"nobody needs it, so that no reply has its documents, as in Jina: they are those of {ends[^1].Shown}. "
                    + $"To join them, end with an entry such as {{name: all, needs: [{end.Shown}, {ends[^1].Shown}]}}; "
                    + "'floating: true' says that it is meant so");
        }
    }
}
