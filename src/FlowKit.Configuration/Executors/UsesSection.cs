using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Executors;

/// <summary>
/// Reads <c>uses</c> with all <c>uses_…</c>, the latter over what a mapping under <c>uses</c> or an executor's own file says.
/// </summary>
internal sealed class UsesSection(ConfigDiagnostics diagnostics)
{
    private static readonly string PassThrough = ExecutorConfig.Defaults.Uses;

    /// <param name="values">The entry's keys.</param>
    /// <param name="entry">The entry.</param>
    public UsesValues Read(KeyValues values, ExecutorEntry entry)
    {
        var (inner, uses, place) = entry.Opened is { } opened ? ReadMapping(opened.Root, "") : ReadUses(values, $"{entry.Path}.uses");
        var own = ReadMetas(values.Get(ExecutorKeys.UsesMetas), $"{entry.Path}.uses_metas");
        var metas = ReadMetas(inner?.Get(UsesKeys.Metas), entry.Opened is null ? $"{entry.Path}.uses.metas" : "metas");
        var with = (inner?.Get(UsesKeys.With) ?? new YamlMapping(values.Place, [])).Overlaid(
            values.Get(ExecutorKeys.UsesWith) ?? new YamlMapping(values.Place, []));
        var meta = own?.Get(UsesKeys.Meta.Workspace) is null ? metas : own;
        return new UsesValues(uses, with, ReadRequests(values, inner, entry))
        {
            Place = place,
            DynamicBatching = (
                inner?.Get(UsesKeys.DynamicBatching) ?? UsesKeys.DynamicBatching.Absent).Overlaid(values.Get(ExecutorKeys.DynamicBatching)),
            Name = own?.Get(UsesKeys.Meta.Name) ?? metas?.Get(UsesKeys.Meta.Name),
            Description = own?.Get(UsesKeys.Meta.Description) ?? metas?.Get(UsesKeys.Meta.Description),
            Workspace = meta?.Get(UsesKeys.Meta.Workspace),
            WorkspacePlace = meta?.PlaceOf(UsesKeys.Meta.Workspace) ?? values.Place,
        };
    }

    private (KeyValues? Inner, string Uses, SourcePlace Place) ReadUses(KeyValues values, string path)
    {
        var node = values.Get(ExecutorKeys.Uses);
        switch (node)
        {
            case YamlMapping mapping:
                return ReadMapping(mapping, path) with { Place = mapping.Place };
            case YamlScalar { IsNull: false, Form: not ScalarForm.Unresolved } scalar:
                return (null, Check(scalar, path, allowsImage: true), scalar.Place);
            case null or YamlScalar:
                return (null, PassThrough, values.PlaceOf(ExecutorKeys.Uses));
            default:
                diagnostics.Add(node.Place, path, $"expected an executor's name, a YAML file, or a mapping with 'jtype', not {node.Shown}");
                return (null, PassThrough, node.Place);
        }
    }

    private (KeyValues? Inner, string Uses, SourcePlace Place) ReadMapping(YamlMapping mapping, string path)
    {
        var inner = UsesKeys.Table.Read(mapping, path, diagnostics);
        var type = mapping.Find("jtype")?.Value as YamlScalar;
        if (!inner.Has(UsesKeys.Type))
        {
            diagnostics.Add(mapping.Place, path, "expected a key 'jtype' that names the executor");
        }

        var names = type is { IsNull: false, Form: not ScalarForm.Unresolved };
        return (inner, names ? Check(type!, KeyTable.Join(path, "jtype")) : PassThrough, inner.PlaceOf(UsesKeys.Type));
    }

    private string Check(YamlScalar uses, string path, bool allowsImage = false)
    {
        if (UsesForm.Explain(uses, allowsImage) is { } message)
        {
            diagnostics.Add(uses.Place, path, message);
        }

        return uses.Value;
    }

    private KeyValues? ReadMetas(YamlMapping? metas, string path) =>
        metas is null ? null : UsesKeys.Meta.Table.Read(metas, path, diagnostics);

    private IReadOnlyDictionary<string, string> ReadRequests(KeyValues values, KeyValues? inner, ExecutorEntry entry)
    {
        var below = values.Has(ExecutorKeys.UsesRequests) ? null : inner;
        var requests = below?.Get(UsesKeys.Requests) ?? values.Get(ExecutorKeys.UsesRequests);
        var place = below?.PlaceOf(UsesKeys.Requests) ?? values.PlaceOf(ExecutorKeys.UsesRequests);
        var key = (below, entry.Opened) switch
        {
            (null, _) => $"{entry.Path}.uses_requests",
            (_, null) => $"{entry.Path}.uses.requests",
            _ => "requests",
        };
        foreach (var endpoint in requests.Keys.Where(endpoint => endpoint is not ['/', ..]))
        {
            diagnostics.Add(place, key, $"expected endpoints that start with '/', not '{YamlScalar.Shorten(endpoint)}'");
        }

        return requests;
    }
}
