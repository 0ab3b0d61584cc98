using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed class FlagParser : ScalarParser<bool>
{
    public FlagParser()
        : base("true or false")
    {
    }

    protected override bool TryParse(YamlScalar scalar, out bool value)
    {
        var parsed = scalar.Form == ScalarForm.Text ? null : CoreSchema.AsBoolean(scalar.Value);
        value = parsed ?? false;
        return parsed is not null;
    }

    protected override string Hint(YamlScalar scalar)
    {
        if (scalar.Form is not (ScalarForm.Plain or ScalarForm.Given))
        {
            return "";
        }

        if (scalar.Value.ToLowerInvariant() is "on" or "off" or "yes" or "no")
        {
            return "; on, off, yes and no are text, as in Jina";
        }

        return "";
    }
}
