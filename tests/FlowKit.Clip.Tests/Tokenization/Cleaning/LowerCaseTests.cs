using System.Text;
using FlowKit.Clip.Tokenization.Cleaning;

namespace FlowKit.Clip.Tests;

public sealed class LowerCaseTests
{
    [Theory]
    [InlineData("ΑΣ", "ας")]
    [InlineData("ΑΣ ΑΣ", "ας ας")]
    [InlineData("ΣΑΣΑ", "σασα")]
    [InlineData("Σ", "σ")]
    [InlineData("1Σ", "1σ")]
    [InlineData("ΑΣ'", "ας'")]
    [InlineData("ΑΣ'Α", "ασ'α")]
    [InlineData("Α.Σ", "α.ς")]
    [InlineData("ΑΣ\u0301", "ας\u0301")]
    [InlineData("ΑΣ\u0301Α", "ασ\u0301α")]
    [InlineData("ΑΣ𐐀", "ασ𐐨")]
    [InlineData("𝐀Σ", "𝐀ς")]
    [InlineData("ⅧΣ", "ⅷς")]
    [InlineData("ΑΣⓐ", "ασⓐ")]
    [InlineData("ªΣ", "ªς")]
    [InlineData("日Σ", "日σ")]
    [InlineData("İI", "i\u0307i")]
    public void A_text_is_lowered_as_python_lowers_it(string text, string lowered) => Assert.Equal(lowered, Lowered(text, text));

    [Fact]
    public void A_character_taken_for_itself_has_no_place_in_a_word() => Assert.Equal("ασ", Lowered("ΑΣ", ""));

    private static string Lowered(string text, string context)
    {
        var result = new StringBuilder();
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            LowerCase.Append(result, rune, context, at);
            at += rune.Utf16SequenceLength;
        }

        return result.ToString();
    }
}
