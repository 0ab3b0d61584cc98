using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Schema;

namespace FlowKit.Configuration.Flow;

/// <summary>
/// Reads an entry whose <c>uses</c> is the file of a flow: only what places the flow among the others may stand beside it.
/// </summary>
internal sealed class NestedFlowSection(ConfigFiles files, FlowScope scope, ConfigDiagnostics diagnostics)
{
    private static readonly IReadOnlyList<Key> Allowed =
    [
        ExecutorKeys.Name, ExecutorKeys.Uses, ExecutorKeys.Needs, ExecutorKeys.Method, ExecutorKeys.When, ExecutorKeys.Floating,
        ExecutorKeys.Env, ExecutorKeys.Workspace, ExecutorKeys.Reload, ExecutorKeys.Description,
    ];

    public ExecutorDraft Read(ExecutorEntry entry, KeyValues values, ExecutorDraft draft)
    {
        foreach (var written in values.Entries.Where(written => !Allowed.Contains(written.Key)))
        {
            diagnostics.Add(
                written.Entry.KeyPlace,
                KeyTable.Join(entry.Path, written.Entry.Key),
                "does not reach into the flow that 'uses' names; write it there, on its executors");
        }

        if (draft.Config.Inspects)
        {
            diagnostics.Add(values.PlaceOf(ExecutorKeys.Method), $"{entry.Path}.method", "a whole flow cannot inspect; expected add");
        }

        var place = values.PlaceOf(ExecutorKeys.Workspace);
        var config = draft.Config with
        {
            When = values.Get(ExecutorKeys.When),
            Floating = values.Get(ExecutorKeys.Floating),
            Workspace = values.Get(ExecutorKeys.Workspace) is { } own ? Path.GetFullPath(own, files.FolderOf(place, scope.File)) : null,
            UsesPlace = values.PlaceOf(ExecutorKeys.Uses),
        };
        var opened = entry.Opened!;
        var nested = new FlowSection(files, diagnostics).Read(opened.Root, opened.File, scope, config.Env);
        return draft with { Config = config, Nested = nested };
    }
}
