using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Configuration;

/// <summary>A time in milliseconds that need not be given.</summary>
internal sealed class OptionalDurationKind : ValueKind<TimeSpan>
{
    private readonly DurationKind _kind = new();

    public override bool TryRead(YamlNode node, string path, Problems problems, [MaybeNullWhen(false)] out TimeSpan value) => _kind.TryRead(node, path, problems, out value);
}
