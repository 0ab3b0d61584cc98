using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Configuration;

/// <summary>A text, or a list of texts, which may be empty.</summary>
internal sealed class NameListKind : ValueKind<IReadOnlyList<string>>
{
    private readonly TextListKind _kind = new();

    public override bool TryRead(YamlNode node, string path, Problems problems, [MaybeNullWhen(false)] out IReadOnlyList<string> value)
    {
        value = [];
        if (AnyKind.IsEmpty(node))
        {
            return true;
        }

        var valid = _kind.TryRead(node, path, problems, out var texts);
        value = [.. (texts ?? []).Select(text => text.Value)];
        return valid;
    }
}
