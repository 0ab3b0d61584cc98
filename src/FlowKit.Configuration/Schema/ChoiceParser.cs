using System.Diagnostics.CodeAnalysis;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A word out of a few, in lower or upper case.</summary>
/// <param name="choices">The words, in lower case.</param>
internal sealed class ChoiceParser(params string[] choices) : ScalarParser<string>(
    string.Join(", ", choices[..^1]) + (choices.Length > 1 ? " or " : "") + choices[^1])
{
    protected override bool TryParse(YamlScalar scalar, [MaybeNullWhen(false)] out string value)
    {
        value = choices.FirstOrDefault(choice => choice.Equals(scalar.Value, StringComparison.OrdinalIgnoreCase));
        return value is not null;
    }

    protected override string Hint(YamlScalar scalar) =>
        NearestName.Hint(scalar.Form == ScalarForm.Substituted ? "" : scalar.Value, choices);
}
