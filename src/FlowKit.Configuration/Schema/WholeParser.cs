using System.Globalization;
using System.Text.RegularExpressions;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A whole number in decimal, within limits; quotes do not matter, as in Jina.</summary>
/// <param name="min">The smallest.</param>
/// <param name="max">The largest.</param>
internal sealed partial class WholeParser(int min, int max) : ScalarParser<int>($"a whole number from {min} to {max}")
{
    public static bool TryParseWhole(YamlScalar scalar, out long value)
    {
        value = 0;
        return Decimal().IsMatch(scalar.Value)
            && long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    protected override bool TryParse(YamlScalar scalar, out int value)
    {
        var valid = TryParseWhole(scalar, out var whole) && whole >= min && whole <= max;
        value = valid ? (int)whole : 0;
        return valid;
    }

    protected override string Hint(YamlScalar scalar) =>
        Digits().IsMatch(scalar.Value) && scalar.Form != ScalarForm.Substituted ? "; write it in plain decimal digits" : "";

    [GeneratedRegex(@"\A[-+]?(0|[1-9][0-9]*)\z")]
    private static partial Regex Decimal();

    [GeneratedRegex(@"\A[-+]?(0[0-9xob]|[0-9]+([eE.]|_[0-9]))[0-9a-fA-F_.+-]*\z")]
    private static partial Regex Digits();
}
