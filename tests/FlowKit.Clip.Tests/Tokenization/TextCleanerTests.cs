using FlowKit.Clip.Tokenization;

namespace FlowKit.Clip.Tests;

public sealed class TextCleanerTests
{
    [Theory]
    [InlineData("o\uFB00 \uFB01n \uFB02y o\uFB03ce ba\uFB04e \uFB06op", "off fin fly office baffle stop")]
    [InlineData("\u0132s \u0133s", "ijs ijs")]
    [InlineData("\u201Aquoted\u201B \u201Etwice\u201F", "'quoted' \"twice\"")]
    [InlineData("a\u0001\u000B\u000E\u007F\u206A\uFFF9b", "ab")]
    public void Letters_that_are_two_and_marks_that_nobody_sees_are_repaired(string text, string cleaned) =>
        Assert.Equal(cleaned, TextCleaner.Clean(text, TextCleaning.OpenAi));

    [Theory]
    [InlineData("A photo of a cat.", "a photo of a cat")]
    [InlineData("red_car (2016), new!", "red car 2016 new")]
    [InlineData("$5 + tax = ?", "5 tax")]
    [InlineData("naïve — café…", "naïve — café…")]
    public void Siglips_cleaning_takes_away_ascii_punctuation(string text, string cleaned) =>
        Assert.Equal(cleaned, TextCleaner.Clean(text, TextCleaning.Canonicalize));

    [Fact]
    public void No_cleaning_leaves_everything() => Assert.Equal("  A\tB ", TextCleaner.Clean("  A\tB ", TextCleaning.None));
}
