using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Executors;

/// <summary>Reads an executor's name.</summary>
internal sealed class NameSection(ConfigDiagnostics diagnostics)
{
    /// <summary>The name and its place; by position when it is not given or not valid.</summary>
    public (string Name, SourcePlace Place) Read(KeyValues values, string path, int index, YamlEntry? outerName)
    {
        var node = values.Get(ExecutorKeys.Name);
        if (node is null or { IsNull: true } or YamlScalar { Form: ScalarForm.Unresolved })
        {
            return outerName is null ? (ExecutorNames.Default(index), values.Place)
                : (Check(new YamlScalar(outerName.KeyPlace, outerName.Key, ScalarForm.Text), path, index), outerName.KeyPlace);
        }

        if (node is YamlScalar scalar)
        {
            return (Check(scalar, path, index), scalar.Place);
        }

        diagnostics.Add(node.Place, $"{path}.name", $"expected a name, not {node.Shown}");
        return (ExecutorNames.Default(index), values.Place);
    }

    private string Check(YamlScalar name, string path, int index)
    {
        if (ExecutorNames.IsIdentifier(name.Value) && name.Value != ExecutorNames.Gateway)
        {
            return name.Value;
        }

        var repaired = name.Form == ScalarForm.Substituted ? "" : name.Value.Replace('-', '_').Replace(' ', '_');
        var hint = repaired != name.Value && ExecutorNames.IsIdentifier(repaired) ? $"; write '{repaired}'" : "";
        diagnostics.Add(name.Place, $"{path}.name", name.Value == ExecutorNames.Gateway
            ? "'gateway' is the name of the flow's entry; expected another name"
            : $"expected letters, digits and underscores, not starting with a digit, not {name.Shown}{hint}");
        return ExecutorNames.Default(index);
    }
}
