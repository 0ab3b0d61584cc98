namespace FlowKit.Configuration;

/// <summary>Reads one entry of <c>executors:</c>.</summary>
internal sealed class ExecutorSection(Problems problems, KeyValues? with, IReadOnlyDictionary<string, string> flowEnv)
{
    /// <param name="node">The entry.</param>
    /// <param name="index">Its position, which names it when it has no name.</param>
    /// <param name="previous">The entry before it, which it needs when it says nothing.</param>
    /// <param name="outerName">Its name in Jina 2's mapping of executors.</param>
    public ExecutorDraft? Read(YamlNode node, int index, string previous, YamlEntry? outerName = null)
    {
        var mapping = node.IsNull && outerName is not null ? new YamlMapping(outerName.KeyPlace, []) : node as YamlMapping;
        if (mapping is null)
        {
            problems.Add(node.Place, $"executors.{ExecutorNames.Default(index)}", node is YamlScalar { IsNull: false }
                ? "not supported yet: an executor in a file of its own; write its keys here"
                : $"expected a mapping such as 'name: encoder', not {node.Shown}");
            return null;
        }

        var path = ExecutorNames.PathOf(mapping, index, outerName?.Key);
        var values = ExecutorKeys.Table.Read(mapping, path, problems);
        var (name, namePlace) = ReadName(values, path, index, mapping, outerName);
        CheckMethod(values, path);
        var needs = values.Get(ExecutorKeys.Needs);
        var config = Build(values.Over(with), path, name, needs.Count > 0 ? [.. needs.Select(need => need.Value)] : [previous]);
        return new ExecutorDraft(config with { Place = mapping.Place }, path, namePlace, needs);
    }

    private ExecutorConfig Build(KeyValues values, string path, string name, IReadOnlyList<string> needs)
    {
        var uses = new UsesSection(problems).Read(values, path);
        var options = new YamlJson(problems);
        return new ExecutorConfig
        {
            Name = name,
            Needs = needs,
            Uses = uses.Uses,
            UsesPlace = values.PlaceOf(ExecutorKeys.Uses),
            UsesWith = options.Convert(uses.With, $"{path}.uses_with"),
            UsesWithPlaces = options.Places,
            UsesRequests = uses.Requests,
            Replicas = values.Get(ExecutorKeys.Replicas),
            Capacity = values.Get(ExecutorKeys.Capacity),
            TimeoutReady = values.Get(ExecutorKeys.TimeoutReady),
            Workspace = values.Get(ExecutorKeys.Workspace) ?? uses.Workspace,
            Env = Merge(flowEnv, values.Get(ExecutorKeys.Env)),
            Device = values.Get(ExecutorKeys.Device),
            Description = values.Get(ExecutorKeys.Description) ?? uses.Description,
            MetasName = uses.Name,
        };
    }

    private (string Name, SourcePlace Place) ReadName(KeyValues values, string path, int index, YamlMapping mapping, YamlEntry? outerName)
    {
        var node = values.Get(ExecutorKeys.Name);
        if (node is null or { IsNull: true } or YamlScalar { Form: ScalarForm.Unresolved })
        {
            return outerName is null ? (ExecutorNames.Default(index), mapping.Place)
                : (CheckName(new YamlScalar(outerName.KeyPlace, outerName.Key, ScalarForm.Text), path, index), outerName.KeyPlace);
        }

        if (node is YamlScalar scalar)
        {
            return (CheckName(scalar, path, index), scalar.Place);
        }

        problems.Add(node.Place, $"{path}.name", $"expected a name, not {node.Shown}");
        return (ExecutorNames.Default(index), mapping.Place);
    }

    private string CheckName(YamlScalar name, string path, int index)
    {
        if (ExecutorNames.IsIdentifier(name.Value) && name.Value != ExecutorNames.Gateway)
        {
            return name.Value;
        }

        var repaired = name.Form == ScalarForm.Substituted ? "" : name.Value.Replace('-', '_').Replace(' ', '_');
        var hint = repaired != name.Value && ExecutorNames.IsIdentifier(repaired) ? $"; write '{repaired}'" : "";
        problems.Add(name.Place, $"{path}.name", name.Value == ExecutorNames.Gateway
            ? "'gateway' is the name of the flow's entry; expected another name"
            : $"expected letters, digits and underscores, not starting with a digit, not {name.Shown}{hint}");
        return ExecutorNames.Default(index);
    }

    private void CheckMethod(KeyValues values, string path)
    {
        var method = values.Get(ExecutorKeys.Method);
        if (method == "inspect")
        {
            problems.Add(values.PlaceOf(ExecutorKeys.Method), $"{path}.method", "not supported yet: inspection; expected add or needs");
        }
        else if (method == "needs" && !values.Has(ExecutorKeys.Needs))
        {
            problems.Add(values.PlaceOf(ExecutorKeys.Method), $"{path}.method", "expected a key 'needs' that lists what is joined");
        }
    }

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> below, IReadOnlyDictionary<string, string> above)
    {
        var merged = new Dictionary<string, string>(below, StringComparer.Ordinal);
        foreach (var (key, value) in above)
        {
            merged[key] = value;
        }

        return merged;
    }
}
