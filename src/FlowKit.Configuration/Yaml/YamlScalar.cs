using System.Text;
using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Yaml;

/// <summary>A single value.</summary>
internal sealed class YamlScalar(SourcePlace place, string value, ScalarForm form, string? written = null) : YamlNode(place, 1, 0)
{
    private const int MaxShown = 40;

    /// <summary>The text, with variables replaced.</summary>
    public string Value { get; } = value;

    public ScalarForm Form { get; } = form;

    /// <summary>The text as it is written, with the names of variables and not their values.</summary>
    public string Written { get; } = written ?? value;

    public override bool IsNull => Form is ScalarForm.Plain or ScalarForm.Given && CoreSchema.IsNull(Value);

    /// <summary>Tells whether its text counts, whatever type it looks like, where a text is wanted.</summary>
    public bool KeepsText => Form is ScalarForm.Substituted or ScalarForm.Given;

    public override string Shown
    {
        get
        {
            if (IsNull)
            {
                return "nothing";
            }

            return Form == ScalarForm.Substituted && Value.Length == 0
                ? $"the empty value of '{Shorten(Written)}'"
                : $"'{Shorten(Written)}'";
        }
    }

    /// <summary>A text that is safe and short enough for one line of a message.</summary>
    public static string Shorten(string text)
    {
        if (text.Length <= MaxShown && !text.Any(char.IsControl))
        {
            return text;
        }

        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(MaxShown))
        {
            shown.Append(
                Rune.IsControl(rune)
                    ? "\\u" + rune.Value.ToString("x4", System.Globalization.CultureInfo.InvariantCulture)
                    : rune.ToString());
        }

        return text.EnumerateRunes().Skip(MaxShown).Any() ? shown.Append('…').ToString() : shown.ToString();
    }

    /// <summary>The same place and origin with variables replaced.</summary>
    public YamlScalar Substitute(string value, ScalarForm form) => new(Place, value, form, Written);

    /// <summary>The same value as a text, whatever it looks like.</summary>
    public YamlScalar AsText() => new(Place, Value, ScalarForm.Text, Written);
}
