using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Configuration;

/// <summary>Anything; what it may be is checked where it is used.</summary>
/// <param name="allowsNull">Whether nothing written means the default.</param>
internal sealed class AnyKind(bool allowsNull = true) : ValueKind<YamlNode>
{
    public override bool AllowsNull => allowsNull;

    public static bool IsEmpty(YamlNode node) => node is YamlSequence { Items.Count: 0 } or YamlMapping { Entries.Count: 0 } || node.IsNull;

    public override bool TryRead(YamlNode node, string path, Problems problems, [MaybeNullWhen(false)] out YamlNode value)
    {
        value = node;
        return true;
    }
}
