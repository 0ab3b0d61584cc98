using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace FlowKit.Configuration;

/// <summary>A text of a certain form.</summary>
/// <param name="expected">What a message says was expected.</param>
/// <param name="form">The form.</param>
internal sealed class PatternKind(string expected, Regex form) : ScalarKind<string>(expected)
{
    protected override bool TryParse(YamlScalar scalar, [MaybeNullWhen(false)] out string value)
    {
        value = scalar.Value;
        return !scalar.IsNull && form.IsMatch(scalar.Value);
    }
}
