using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowKit.Configuration.Yaml;

/// <summary>The types of YAML 1.2's core schema (section 10.3): <c>yes</c> and <c>on</c> are text, <c>0x10</c> is a number.</summary>
internal static partial class CoreSchema
{
    public static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    public static bool? AsBoolean(string text) => text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };

    /// <summary>
    /// The value: <see langword="null"/>, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/> or <see cref="string"/>.
    /// </summary>
    public static object? Resolve(YamlScalar scalar) => scalar.Form switch
    {
        ScalarForm.Plain or ScalarForm.Given when IsNull(scalar.Value) => null,
        ScalarForm.Plain or ScalarForm.Given => AsBoolean(scalar.Value) ?? AsRadix(scalar.Value) ?? AsNumber(scalar.Value) ?? scalar.Value,
        ScalarForm.Substituted => AsBoolean(scalar.Value) ?? AsNumber(scalar.Value) ?? scalar.Value,
        _ => scalar.Value,
    };

    private static object? AsNumber(string text)
    {
        if (Whole().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        if (Fraction().IsMatch(text))
        {
            return double.Parse(text, CultureInfo.InvariantCulture);
        }

        return AsSpecial(text);
    }

    private static long? AsRadix(string text)
    {
        try
        {
            if (Hexadecimal().IsMatch(text))
            {
                return Convert.ToInt64(text[2..], 16);
            }

            if (Octal().IsMatch(text))
            {
                return Convert.ToInt64(text[2..], 8);
            }

            return null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static object? AsSpecial(string text) => text switch
    {
        ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" => double.PositiveInfinity,
        "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
        ".nan" or ".NaN" or ".NAN" => double.NaN,
        _ => null,
    };

    [GeneratedRegex(@"\A[-+]?[0-9]+\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A0x[0-9a-fA-F]+\z")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"\A0o[0-7]+\z")]
    private static partial Regex Octal();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Fraction();
}
