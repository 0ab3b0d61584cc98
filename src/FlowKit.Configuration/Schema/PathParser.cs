using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Configuration;

/// <summary>A path, which holds no control character.</summary>
internal sealed class PathKind : ScalarKind<string>
{
    public PathKind()
        : base("a path")
    {
    }

    public override bool AllowsNull => true;

    protected override bool TryParse(YamlScalar scalar, [MaybeNullWhen(false)] out string value)
    {
        value = scalar.Value;
        return value.Trim().Length > 0 && !value.Any(char.IsControl);
    }
}
