using FlowKit.Clip.Tokenization.Cleaning;

namespace FlowKit.Clip.Tests;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("&notit;", "¬it;", "&notit;")]
    [InlineData("&notin;", "∉", "∉")]
    [InlineData("&copy 2024", "© 2024", "&copy 2024")]
    [InlineData("&CounterClockwiseContourIntegral;", "∳", "&CounterClockwiseContourIntegral;")]
    [InlineData("&EACUTE;", "&EACUTE;", "É")]
    [InlineData("&SZLIG;", "&SZLIG;", "SS")]
    [InlineData("&NTilde;", "&NTilde;", "&NTilde;")]
    [InlineData("&#59;", ";", "&#59;")]
    [InlineData("&#65", "A", "&#65")]
    [InlineData("&#65x;", "Ax;", "&#65x;")]
    [InlineData("&#x;&#;&;&", "&#x;&#;&;&", "&#x;&#;&;&")]
    [InlineData("&#xD83D;&#x110000;&#0;", "\uFFFD\uFFFD\uFFFD", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("&#1;&#xFDD0;&#x1FFFE;&#127;", "", "")]
    [InlineData("&#128;&#x81;", "€\u0081", "€\u0081")]
    [InlineData("&#x1F34E;", "🍎", "🍎")]
    [InlineData("a && b & c &amp", "a && b & c &", "a && b & c &amp")]
    [InlineData("&fjlig;", "fj", "fj")]
    [InlineData("", "", "")]
    public void References_are_read_by_HTMLs_rules_and_by_ftfys(string text, string html, string exact)
    {
        Assert.Equal(html, HtmlText.Unescape(text));
        Assert.Equal(exact, HtmlText.UnescapeExact(text));
    }
}
