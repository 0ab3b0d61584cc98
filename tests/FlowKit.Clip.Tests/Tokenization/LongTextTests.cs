using System.Diagnostics;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

public sealed class LongTextTests
{
    [SharedDataTheory]
    [InlineData("one word of a million letters", 1_000_000, "abcdefghij")]
    [InlineData("a million equal letters", 1_000_000, "a")]
    [InlineData("a million punctuation marks", 1_000_000, "!?")]
    [InlineData("many words", 1_000_000, "cats and dogs ")]
    [InlineData("ten thousand characters", 10_000, "日本語")]
    public void The_time_for_a_huge_text_grows_with_its_length_and_not_with_its_square(string what, int length, string pattern)
    {
        TimeToEncode(pattern, length / 10);
        var tenth = TimeToEncode(pattern, length / 10);
        var whole = TimeToEncode(pattern, length);

        // A square would be a hundredfold; what a busy machine adds is far less.
        Assert.True(whole < (tenth * 40) + TimeSpan.FromMilliseconds(500), $"{what}: {whole} against {tenth} for a tenth of it");
    }

    private static TimeSpan TimeToEncode(string pattern, int length)
    {
        var text = string.Concat(Enumerable.Repeat(pattern, length / pattern.Length));
        var watch = Stopwatch.StartNew();
        var encoded = Vocabulary.OpenAi.Encode(text);
        var elapsed = watch.Elapsed;
        Assert.True(encoded.Truncated);
        Assert.Equal(49407, encoded.Ids[76]);
        return elapsed;
    }

    [SharedDataFact]
    public void A_text_of_a_million_characters_is_counted_to_its_end_and_not_repeated()
    {
        var encoded = Vocabulary.OpenAi.Encode(string.Concat(Enumerable.Repeat("a red cat \n", 90_000)));

        Assert.Equal(((90_000 * 3) - 75, (90_000 * 3) - 75), (encoded.LostTokens, encoded.LostWords));
        Assert.Equal((90_000 * 10) - 1 - (25 * 10), encoded.LostLength);
        Assert.Equal(TokenizedText.MaxLostText, encoded.LostText.Length);
        Assert.StartsWith("a red cat a red cat", encoded.LostExcerpt, StringComparison.Ordinal);
        Assert.EndsWith("red cat … (899749 characters)", encoded.LostExcerpt, StringComparison.Ordinal);
        Assert.InRange(encoded.LostExcerpt.Length, 190, 230);
    }

    [SharedDataFact]
    public void A_word_over_several_sections_is_one_word()
    {
        var encoded = Vocabulary.OpenAi.Encode("a " + new string('x', 100_000) + " b");

        Assert.Equal(2, encoded.LostWords);
        Assert.Equal(100_002, encoded.LostLength);
        Assert.StartsWith("xxx", encoded.LostExcerpt, StringComparison.Ordinal);
        Assert.EndsWith("x … (100002 characters)", encoded.LostExcerpt, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void What_little_was_lost_is_told_as_it_is()
    {
        var encoded = Vocabulary.OpenAi.Encode(string.Concat(Enumerable.Repeat("cat ", 80)) + "dog");

        Assert.Equal("cat cat cat cat cat dog", encoded.LostExcerpt);
        Assert.Equal((encoded.LostText, encoded.LostText.Length), (encoded.LostExcerpt, encoded.LostLength));
        Assert.Equal("", Vocabulary.OpenAi.Encode("cat").LostExcerpt);
    }

    [SharedDataFact]
    public void Merging_with_a_heap_equals_the_plain_algorithm()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var word = new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)('a' + random.Next(i % 26 + 1)))]);
            Assert.Equal(PlainMerge.Of(Vocabulary.OpenAi, word), Vocabulary.OpenAi.EncodeAll(word));
        }
    }

    [SharedDataTheory]
    [InlineData(1, 4_000)]
    [InlineData(3, 9_000)]
    [InlineData(26, 6_000)]
    public void A_word_longer_than_a_text_keeps_the_ids_that_fit_and_tells_the_rest(int letters, int length)
    {
        var random = new Random(11);
        var word = new string([.. Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(letters)))]);
        var expected = PlainMerge.Of(Vocabulary.OpenAi, word);

        var encoded = Vocabulary.OpenAi.Encode(word);

        Assert.Equal(expected.Take(75), encoded.Ids[1..76]);
        Assert.Equal(word, encoded.LostText);
        Assert.InRange(encoded.LostTokens, (expected.Length - 75) * 0.99, (expected.Length - 75) * 1.01);
    }

    [SharedDataTheory]
    [InlineData("日本語")]
    [InlineData("𠮷野家")]
    [InlineData("é")]
    public void A_word_in_pieces_is_cut_between_its_characters(string pattern)
    {
        var word = string.Concat(Enumerable.Repeat(pattern, 2_000));

        Assert.Equal(word, Vocabulary.OpenAi.Decode([.. Vocabulary.OpenAi.EncodeAll(word)]));
    }
}
