using FlowKit.Clip.Tokenization;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

public sealed class TextPitfallTests
{
    private static ClipTokenizer Tokenizer => Vocabulary.OpenAi;

    [SharedDataFact]
    public void Letters_beyond_the_basic_plane_are_one_word()
    {
        Assert.Equal(["𝐀b"], Words("𝐀b"));
        Assert.Equal(["日本語𠮷野家"], Words("日本語𠮷野家"));
        Assert.Equal(["𝟏", "𝟐"], Words("𝟏𝟐"));
    }

    [SharedDataFact]
    public void A_dotted_capital_i_is_lowered_as_python_does()
    {
        Assert.Equal(["i", "\u0307", "stanbul"], Words(TextCleaner.Clean("\u0130stanbul", TextCleaning.OpenAi)));
    }

    [Theory]
    [InlineData("a\u001Cb", "ab")]
    [InlineData("  a \t\r\n\u00A0\u3000 b  ", "a b")]
    [InlineData("", "")]
    [InlineData(" \n ", "")]
    [InlineData("\u201CIt\u2019s\u201D", "\"it's\"")]
    [InlineData("ﬁne ＡＢＣ", "fine abc")]
    [InlineData("&lt;b&gt; &amp;amp; caf&eacute;", "<b> & café")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("\u1100\u1161\u11A8", "각")]
    [InlineData("\u212Bngstro\u0308m", "ångström")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("zero\0\uFEFFwidth", "zerowidth")]
    [InlineData("ΟΔΟΣ", "οδος")]
    public void Cleaning_gives_one_space_lower_case_and_composed_characters(string text, string cleaned) =>
        Assert.Equal(cleaned, TextCleaner.Clean(text, TextCleaning.OpenAi));

    [Fact]
    public void Hugging_face_cleaning_leaves_quotes_and_entities()
    {
        Assert.Equal("\u201Cé &lt;", TextCleaner.Clean("\u201CE\u0301  &lt;", TextCleaning.HuggingFace));
        Assert.Equal("a b οδοσ", TextCleaner.Clean("a\u001Cb ΟΔΟΣ", TextCleaning.HuggingFace));
    }

    [SharedDataFact]
    public void A_lone_surrogate_is_the_replacement_character()
    {
        Assert.Equal(Tokenizer.Ids("a \uFFFD b"), Tokenizer.Ids("a \uD83D b"));
    }

    [SharedDataFact]
    public void An_empty_text_is_begin_and_end()
    {
        var encoded = Tokenizer.Encode("");
        Assert.Equal([49406, 49407, .. new int[75]], encoded.Ids);
        Assert.Equal(2, encoded.Length);
        Assert.False(encoded.Truncated);
    }

    [SharedDataFact]
    public void A_special_token_in_a_users_text_is_ordinary_characters_by_default()
    {
        const string text = "Can't stop <|endoftext|> now";
        var literal = Tokenizer.Ids(text);
        Assert.Equal(1, literal.Count(static id => id == 49407));
        Assert.Equal([49406, 753, 713, 1691, 49407, 692, 49407], Tokenizer.Ids(text, SpecialTokens.Honour));
        var error = Assert.Throws<FlowKitException>(() => Tokenizer.Encode(text, SpecialTokens.Error));
        Assert.Contains("<|endoftext|>", error.Message, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void A_long_text_keeps_its_end_mark_and_says_what_was_lost()
    {
        var encoded = Tokenizer.Encode(string.Join(' ', Enumerable.Repeat("cat", 100)));
        Assert.Equal(77, encoded.Length);
        Assert.Equal(49407, encoded.Ids[76]);
        Assert.Equal(2368, encoded.Ids[75]);
        Assert.True(encoded.Truncated);
        Assert.Equal((25, 25), (encoded.LostTokens, encoded.LostWords));
    }

    [SharedDataFact]
    public void Exactly_75_tokens_fit()
    {
        Assert.False(Tokenizer.Encode(string.Join(' ', Enumerable.Repeat("cat", 75))).Truncated);
        Assert.Equal(1, Tokenizer.Encode(string.Join(' ', Enumerable.Repeat("cat", 76))).LostTokens);
    }

    [SharedDataFact]
    public void Decoding_gives_the_words_back()
    {
        Assert.Equal("a photo of a café 🐱 x !", Tokenizer.Decode(Tokenizer.Encode("A photo of  a Café 🐱x!").Ids));
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var splitter = new WordSplitter(text, specials: false, ignoresCase: true);
        while (splitter.MoveNext())
        {
            words.Add(splitter.Current.ToString());
        }

        return words;
    }
}
