using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Gateway;
using FlowKit.Configuration.Hub;
using FlowKit.Configuration.OnStart;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Flow;

/// <summary>Reads the file from its top.</summary>
internal sealed class FlowSection(ConfigFiles files, ConfigDiagnostics diagnostics)
{
    /// <param name="root">The file's mapping, with overrides and variables in place.</param>
    /// <param name="file">The file.</param>
    /// <param name="outer">What the flow it stands in says for it.</param>
    /// <param name="outerEnv">The variables of its entry there.</param>
    public FlowConfig Read(YamlMapping root, ConfigFile file, FlowScope? outer = null, IReadOnlyDictionary<string, string>? outerEnv = null)
    {
        var values = FlowKeys.Table.Read(root, "", diagnostics);
        CheckType(values);
        var version = ReadVersion(values);
        var with = values.Get(FlowKeys.With) is { } mapping ? FlowKeys.WithTable.Read(mapping, "with", diagnostics) : null;
        var gateway = values.Get(FlowKeys.Gateway);
        var own = values.Over(with);
        var env = (outerEnv ?? FlowKeys.Env.Absent).Overlaid(own.Get(FlowKeys.Env));
        var inspect = Enum.Parse<InspectMode>(own.Get(FlowKeys.Inspect), ignoreCase: true);
        var reload = own.Get(FlowKeys.Reload);
        CheckStart(values, file);
        return new FlowConfig
        {
            Name = own.Get(FlowKeys.Name),
            Version = version,
            Workspace = own.Get(FlowKeys.Workspace),
            Env = env,
            Gateway = new GatewaySection(diagnostics, files.Environment).Read(gateway, with, gateway?.Place ?? root.Place),
            Executors = ReadExecutors(
                values,
                new ExecutorSection(
                    files,
                    new FlowScope(
                        file,
                        with,
                        env,
                        reload,
                        new HubTable(new Lazy<YamlMapping?>(own.Get(FlowKeys.Hub)), "hub", outer?.Hub ?? files.Hub, diagnostics)),
                    diagnostics),
                inspect),
            Inspect = inspect,
            Reload = reload,
            OnStart = new OnStartSection(diagnostics).Read(values.Get(FlowKeys.OnStart)),
            Path = file.Shown,
            BaseDirectory = file.Folder,
        };
    }

    private void CheckType(KeyValues values)
    {
        var type = values.Get(FlowKeys.Type);
        if (type is null or "Flow")
        {
            return;
        }

        diagnostics.Add(values.PlaceOf(FlowKeys.Type), "jtype", type is "Deployment" or "Executor"
            ? $"not supported yet: a {type} by itself; expected Flow"
            : $"expected Flow, not {values.EntryOf(FlowKeys.Type)!.Value.Shown}");
    }

    private string? ReadVersion(KeyValues values)
    {
        var version = values.Get(FlowKeys.Version);
        if (version is null or "1" or "1.0")
        {
            return version is null ? null : "1";
        }

        diagnostics.Add(values.PlaceOf(FlowKeys.Version), "version", $"expected '1', not {values.EntryOf(FlowKeys.Version)!.Value.Shown}");
        return "1";
    }

    private void CheckStart(KeyValues values, ConfigFile file)
    {
        if (file.Outer is not null && values.EntryOf(FlowKeys.OnStart) is { Value.IsNull: false } start)
        {
            diagnostics.Add(start.KeyPlace, "on_start", "a flow inside another posts nothing; write it in the flow that serves");
        }
    }

    private IReadOnlyList<ExecutorConfig> ReadExecutors(KeyValues values, ExecutorSection section, InspectMode inspect)
    {
        var drafts = values.Get(FlowKeys.Executors) switch
        {
            YamlSequence list when files.Reserve(list.Items.Count) is { } message => RefuseMany(list.Place, message),
            YamlMapping named when files.Reserve(named.Entries.Count) is { } message => RefuseMany(named.Place, message),
            YamlSequence list => ReadList(list, section),
            YamlMapping named when !values.Has(FlowKeys.Version) => ReadNamed(named, section),
            null or { IsNull: true } => [],
            _ => null,
        };
        if (drafts is null)
        {
            var written = values.Get(FlowKeys.Executors)!;
            var hint = written is YamlMapping ? "a mapping; only files without 'version' may have one" : written.Shown;
            diagnostics.Add(written.Place, "executors", $"expected a list of executors, not {hint}");
            return [];
        }

        new ExecutorNameValidator(diagnostics).Validate(drafts);
        new NeedsValidator(diagnostics).Validate(drafts);
        new CycleValidator(diagnostics).Validate(drafts);
        new InspectValidator(diagnostics).Validate(drafts, inspect);
        new OrphanValidator(diagnostics).Validate(drafts, inspect);
        new EndsValidator(diagnostics).Validate(drafts, inspect);
        return [.. drafts.SelectMany(NestedFlow.Inline)];
    }

    private List<ExecutorDraft> RefuseMany(SourcePlace place, string message)
    {
        diagnostics.Add(place, "executors", message);
        return [];
    }

    private static List<ExecutorDraft> ReadList(YamlSequence list, ExecutorSection section)
    {
        var drafts = new List<ExecutorDraft>();
        for (var index = 0; index < list.Items.Count; index++)
        {
            if (section.Read(list.Items[index], index, Previous(drafts)) is { } draft)
            {
                drafts.Add(draft);
            }
        }

        return drafts;
    }

    private static List<ExecutorDraft> ReadNamed(YamlMapping named, ExecutorSection section)
    {
        var drafts = new List<ExecutorDraft>();
        foreach (var entry in named.Entries)
        {
            if (section.Read(entry.Value, drafts.Count, Previous(drafts), entry) is { } draft)
            {
                drafts.Add(draft);
            }
        }

        return drafts;
    }

    /// <summary>Finds the entry that the next one follows: what looks on or floats is beside the road.</summary>
    private static string Previous(List<ExecutorDraft> drafts) =>
        drafts.FindLast(draft => !draft.Config.Floating && !draft.Config.Inspects)?.Name ?? ExecutorNames.Gateway;
}
