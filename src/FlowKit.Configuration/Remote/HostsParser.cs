using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Remote;

/// <summary>A host, a list of them, or a list of such lists: the replicas of each shard. Every outer item is a group.</summary>
internal sealed class HostsParser : ValueParser<IReadOnlyList<IReadOnlyList<YamlScalar>>>
{
    private static readonly TextListParser s_group = new();

    public override bool AllowsNull => false;

    public override bool TryRead(
        YamlNode node,
        string path,
        ConfigDiagnostics diagnostics,
        [MaybeNullWhen(false)] out IReadOnlyList<IReadOnlyList<YamlScalar>> value)
    {
        IReadOnlyList<YamlNode> items = node is YamlSequence { Items.Count: > 0 } list ? list.Items : [node];
        var groups = new List<IReadOnlyList<YamlScalar>>();
        var valid = true;
        foreach (var item in items)
        {
            if (s_group.TryRead(item, path, diagnostics, out var group))
            {
                groups.Add(group);
            }
            else
            {
                valid = false;
            }
        }

        value = groups;
        return valid;
    }
}
