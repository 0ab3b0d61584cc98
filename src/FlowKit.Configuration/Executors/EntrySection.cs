using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Hub;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Executors;

/// <summary>
/// Puts an entry together from itself and the files it names: a mapping, a <c>jtype: Deployment</c>, or the path of a YAML file.
/// </summary>
internal sealed class EntrySection(ConfigFiles files, HubTable hub, ConfigDiagnostics diagnostics)
{
    private const string Deployment = "Deployment";

    private static readonly string[] Mergeable = ["uses_with", "uses_metas", "uses_requests", "uses_dynamic_batching", "env"];

    /// <param name="node">The entry.</param>
    /// <param name="index">Its position.</param>
    /// <param name="outerName">Its name in Jina 2's mapping of executors.</param>
    /// <param name="from">The file it stands in.</param>
    public ExecutorEntry? Read(YamlNode node, int index, YamlEntry? outerName, ConfigFile from)
    {
        var mapping = node switch
        {
            YamlMapping written => written,
            { IsNull: true } when outerName is not null => new YamlMapping(outerName.KeyPlace, []),
            YamlScalar { Form: not ScalarForm.Unresolved } text when UsesForm.IsYamlFile(text.Value) =>
                new YamlMapping(text.Place, [new YamlEntry("uses", text.Place, text)]),
            _ => null,
        };
        if (mapping is null)
        {
            diagnostics.Add(
                node.Place,
                $"executors.{(outerName is null ? null : YamlScalar.Shorten(outerName.Key)) ?? ExecutorNames.Default(index)}",
                $"expected a mapping such as 'name: encoder', or a YAML file, not {node.Shown}");
            return null;
        }

        var path = ExecutorNames.PathOf(mapping, index, outerName?.Key);
        var entry = Follow(new ExecutorEntry(Unwrap(mapping, path), path, from));
        return entry with { Path = ExecutorNames.PathOf(entry.Keys, index, outerName?.Key) };
    }

    /// <summary>A deployment's file may name another; the files themselves limit how long this goes on.</summary>
    private ExecutorEntry Follow(ExecutorEntry entry)
    {
        while (entry.Keys.Find("uses") is { Value: YamlScalar written } key)
        {
            var uses = hub.Map(written);
            entry = entry with { Keys = entry.Keys.With(key with { Value = uses }) };
            if (uses.Form == ScalarForm.Unresolved || !UsesForm.IsYamlFile(uses.Value))
            {
                break;
            }

            if (files.Open(uses, $"{entry.Path}.uses", entry.File) is not { } opened)
            {
                return entry with { Keys = entry.Keys.Without("uses") };
            }

            if (!opened.IsDeployment)
            {
                return entry with { Opened = opened };
            }

            entry = entry with { Keys = Over(Unwrap(opened.Root, entry.Path), entry.Keys.Without("uses")), File = opened.File };
        }

        return entry;
    }

    /// <summary>Jina's <c>jtype: Deployment</c> has its keys under <c>with:</c>; those beside it go over them.</summary>
    private YamlMapping Unwrap(YamlMapping mapping, string path)
    {
        var (type, with) = (mapping.Find("jtype"), mapping.Find("with"));
        if (type is null)
        {
            if (with is not null)
            {
                diagnostics.Add(
                    with.KeyPlace, $"{path}.with", "expected 'uses_with' for an executor's options, or 'jtype: Deployment' beside it");
            }

            return mapping.Without("with");
        }

        var below = new YamlMapping(mapping.Place, []);
        if (type.Value is not YamlScalar { Value: Deployment })
        {
            ReportType(type.Value, $"{path}.jtype");
        }
        else if (
            with is not null && !with.Value.IsNull && new MappingParser().TryRead(with.Value, $"{path}.with", diagnostics, out var written))
        {
            below = written;
        }

        return Over(below, mapping.Without("jtype", "with", "version"));
    }

    private void ReportType(YamlNode type, string path)
    {
        if (type is not YamlScalar { Form: ScalarForm.Unresolved })
        {
            diagnostics.Add(type.Place, path, $"expected {Deployment}, not {type.Shown}; an executor's class stands under 'uses'");
        }
    }

    /// <summary>Keys over keys: aliases replace each other, and options and variables are merged.</summary>
    private static YamlMapping Over(YamlMapping below, YamlMapping above)
    {
        var replaced = above.Entries.SelectMany(entry => ExecutorKeys.Table.Find(entry.Key)?.Names.Where(name => name != entry.Key) ?? []);
        var merged = above.Entries.Where(entry => Mergeable.Contains(entry.Key)).Select(entry => (entry, below.Find(entry.Key)?.Value))
            .Where(pair => pair is { entry.Value: YamlMapping, Value: YamlMapping })
            .Select(pair => pair.entry with { Value = ((YamlMapping)pair.Value!).Overlaid((YamlMapping)pair.entry.Value) });
        return new YamlMapping(
            above.Place, below.Without([.. replaced]).Overlaid(above).Overlaid(new YamlMapping(above.Place, [.. merged])).Entries);
    }
}
