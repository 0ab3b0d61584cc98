using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A text of a certain form.</summary>
/// <param name="expected">What a message says was expected.</param>
/// <param name="form">The form.</param>
internal sealed class PatternParser(string expected, Regex form) : ScalarParser<string>(expected)
{
    protected override bool TryParse(YamlScalar scalar, [MaybeNullWhen(false)] out string value)
    {
        value = scalar.Value;
        return !scalar.IsNull && form.IsMatch(scalar.Value);
    }
}
