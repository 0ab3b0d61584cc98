using FlowKit.Configuration.Executors;

namespace FlowKit.Configuration.Flow;

/// <summary>
/// Puts a flow in the place of the entry that names it. Its executors become <c>entry/executor</c>; what needs its gateway needs what the
/// entry needs; and an executor with the entry's own name joins its ends, so that others may need the entry as any other.
/// </summary>
internal static class NestedFlow
{
    public static IEnumerable<ExecutorConfig> Inline(ExecutorDraft draft)
    {
        if (draft.Nested is not { } flow)
        {
            return [draft.Config];
        }

        var entry = draft.Config;
        var children = flow.Inspect == InspectMode.Remove ? [.. flow.Executors.Where(child => !child.Inspects)] : flow.Executors;
        var gate = entry.When is null
            ? null
            : PassOn(entry, $"{entry.Name}/{ExecutorNames.Gateway}", entry.Needs) with { When = entry.When };
        var entrance = gate is null ? entry.Needs : [gate.Name];
        var ends = EndsOf(children).Select(name => $"{entry.Name}/{name}").ToList();
        var joiner = PassOn(entry, entry.Name, ends.Count > 0 ? ends : entrance);
        return [.. gate is null ? [] : (ExecutorConfig[])[gate], .. children.Select(child => Move(child, entry, flow, entrance)), joiner];
    }

    private static ExecutorConfig Move(ExecutorConfig child, ExecutorConfig entry, FlowConfig flow, IReadOnlyList<string> entrance)
    {
        var hangs = child.Inspects && flow.Inspect == InspectMode.Hang;
        return child with
        {
            Name = $"{entry.Name}/{child.Name}",
            Needs =
            [
                .. child.Needs.SelectMany(need => need == ExecutorNames.Gateway ? entrance : [$"{entry.Name}/{need}"])
                    .Distinct(StringComparer.Ordinal),
            ],
            Floating = child.Floating || entry.Floating || hangs,
            Inspects = child.Inspects && !hangs,
            Reload = child.Reload || entry.Reload,
            Workspace = child.Workspace
                ?? entry.Workspace
                ?? (flow.Workspace is null ? null : Path.GetFullPath(flow.Workspace, flow.BaseDirectory)),
            BaseDirectory = child.BaseDirectory ?? flow.BaseDirectory,
        };
    }

    private static IEnumerable<string> EndsOf(IReadOnlyList<ExecutorConfig> children)
    {
        var onTheRoad = children.Where(child => !child.Floating && !child.Inspects).ToList();
        var needed = onTheRoad.SelectMany(child => child.Needs).ToHashSet(StringComparer.Ordinal);
        return onTheRoad.Select(child => child.Name).Where(name => !needed.Contains(name));
    }

    private static ExecutorConfig PassOn(ExecutorConfig entry, string name, IReadOnlyList<string> needs) => new()
    {
        Name = name,
        Needs = needs,
        Floating = entry.Floating,
        Env = entry.Env,
        Description = entry.Description,
        Place = entry.Place,
        UsesPlace = entry.UsesPlace,
    };
}
