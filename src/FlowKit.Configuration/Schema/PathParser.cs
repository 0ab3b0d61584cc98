using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A path, which holds no control character.</summary>
internal sealed class PathParser : ScalarParser<string>
{
    public PathParser()
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
