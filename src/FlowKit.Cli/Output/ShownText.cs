using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Cli.Output;

/// <summary>Makes of any text what a terminal or a log may show: nothing that takes hold of a terminal, and no secret of a flow.</summary>
internal static class ShownText
{
    public static string Of(string text) => ControlCharacters.Replace(SecretValues.Scrub(text));
}
