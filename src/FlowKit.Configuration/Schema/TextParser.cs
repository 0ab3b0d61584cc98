using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A text; numbers and booleans are taken as they are written.</summary>
internal sealed class TextParser : ScalarParser<string>
{
    public TextParser()
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
