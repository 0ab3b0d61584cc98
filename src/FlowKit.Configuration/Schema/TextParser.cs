using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Configuration;

/// <summary>A text; numbers and booleans are taken as they are written.</summary>
internal sealed class TextKind : ScalarKind<string>
{
    public TextKind()
        : base("a text")
    {
    }

    public override bool AllowsNull => true;

    protected override bool TryParse(YamlScalar scalar, [MaybeNullWhen(false)] out string value)
    {
        value = scalar.Value;
        return !scalar.IsNull;
    }
}
