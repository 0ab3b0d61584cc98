namespace FlowKit.Configuration;

/// <summary>Reads the file from its top.</summary>
internal sealed class FlowSection(Problems problems)
{
    private const int MostExecutors = 1000;

    /// <param name="root">The file's mapping, with overrides and variables in place.</param>
    /// <param name="path">The file as the caller named it.</param>
    /// <param name="baseDirectory">Where relative paths start.</param>
    public FlowConfig Read(YamlMapping root, string path, string baseDirectory)
    {
        var values = FlowKeys.Table.Read(root, "", problems);
        CheckType(values);
        var version = ReadVersion(values);
        var with = values.Get(FlowKeys.With) is { } mapping ? FlowKeys.WithTable.Read(mapping, "with", problems) : null;
        var gateway = values.Get(FlowKeys.Gateway);
        var own = values.Over(with);
        var env = own.Get(FlowKeys.Env);
        return new FlowConfig
        {
            Name = own.Get(FlowKeys.Name),
            Version = version,
            Workspace = own.Get(FlowKeys.Workspace),
            Env = env,
            Gateway = new GatewaySection(problems).Read(gateway, with, gateway?.Place ?? root.Place),
            Executors = ReadExecutors(values, new ExecutorSection(problems, with, env)),
            OnStart = new OnStartSection(problems).Read(values.Get(FlowKeys.OnStart)),
            Path = path,
            BaseDirectory = baseDirectory,
        };
    }

    private void CheckType(KeyValues values)
    {
        var type = values.Get(FlowKeys.Type);
        if (type is null or "Flow")
        {
            return;
        }

        problems.Add(values.PlaceOf(FlowKeys.Type), "jtype", type is "Deployment" or "Executor"
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

        problems.Add(values.PlaceOf(FlowKeys.Version), "version", $"expected '1', not {values.EntryOf(FlowKeys.Version)!.Value.Shown}");
        return "1";
    }

    private IReadOnlyList<ExecutorConfig> ReadExecutors(KeyValues values, ExecutorSection section)
    {
        var drafts = values.Get(FlowKeys.Executors) switch
        {
            YamlSequence { Items.Count: > MostExecutors } list => RefuseMany(list.Place, list.Items.Count),
            YamlMapping { Entries.Count: > MostExecutors } named => RefuseMany(named.Place, named.Entries.Count),
            YamlSequence list => ReadList(list, section),
            YamlMapping named when !values.Has(FlowKeys.Version) => ReadNamed(named, section),
            _ => null,
        };
        if (drafts is null || (drafts.Count == 0 && AnyKind.IsEmpty(values.Get(FlowKeys.Executors)!)))
        {
            var hint = values.Get(FlowKeys.Executors) is YamlMapping { Entries.Count: > 0 } ? ", not a mapping; only files without 'version' may have one" : "";
            problems.Add(values.PlaceOf(FlowKeys.Executors), "executors", $"expected a list of at least one executor{hint}");
            return [];
        }

        new ExecutorNameValidator(problems).Validate(drafts);
        new NeedsValidator(problems).Validate(drafts);
        new CycleValidator(problems).Validate(drafts);
        return [.. drafts.Select(draft => draft.Config)];
    }

    private List<ExecutorDraft> RefuseMany(SourcePlace place, int count)
    {
        problems.Add(place, "executors", $"expected at most {MostExecutors} executors, not {count}");
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

    private static string Previous(List<ExecutorDraft> drafts) => drafts.Count == 0 ? ExecutorNames.Gateway : drafts[^1].Name;
}
