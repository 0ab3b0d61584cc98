using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A time in milliseconds, as Jina writes them; -1 is for ever.</summary>
internal sealed class DurationParser : ScalarParser<TimeSpan>
{
    public DurationParser()
        : base("whole milliseconds, from 1, or -1 for ever")
    {
    }

    protected override bool TryParse(YamlScalar scalar, out TimeSpan value)
    {
        var valid = WholeParser.TryParseWhole(scalar, out var milliseconds) && milliseconds is -1 or (>= 1 and <= int.MaxValue);
        value = valid ? TimeSpan.FromMilliseconds(milliseconds) : default;
        return valid;
    }

    protected override string Hint(YamlScalar scalar) =>
        scalar.Form is ScalarForm.Plain or ScalarForm.Given
            && scalar.Value.Length > 1
            && char.IsAsciiDigit(scalar.Value[0])
            && char.IsAsciiLetter(scalar.Value[^1])
            ? "; write it without a unit"
            : "";
}
