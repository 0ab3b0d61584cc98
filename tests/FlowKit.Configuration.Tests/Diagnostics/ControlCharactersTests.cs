namespace FlowKit.Configuration.Diagnostics;

/// <summary>The characters that take hold of a terminal.</summary>
public sealed class ControlCharactersTests
{
    [Theory]
    [InlineData("plain\ttext\r\nof lines\n", "plain\ttext\r\nof lines\n")]
    [InlineData("\u001b[2J", "\uFFFD[2J")]
    [InlineData("a\u009b31mb\u007f", "a\uFFFD31mb\uFFFD")]
    [InlineData("told\rover", "told\uFFFDover")]
    [InlineData("end\r", "end\uFFFD")]
    [InlineData("\u202Etxt.exe\u2066", "\uFFFDtxt.exe\uFFFD")]
    [InlineData("äé 日本 👩\u200D🚀", "äé 日本 👩\u200D🚀")]
    public void They_are_replaced_but_for_tabs_and_line_breaks(string text, string expected) =>
        Assert.Equal(expected, ControlCharacters.Replace(text));
}
