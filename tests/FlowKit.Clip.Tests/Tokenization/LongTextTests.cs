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
    public void Merging_with_a_heap_equals_the_plain_algorithm()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var word = new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)('a' + random.Next(i % 26 + 1)))]);
            Assert.Equal(PlainMerge.Of(Vocabulary.OpenAi, word), Vocabulary.OpenAi.EncodeAll(word));
        }
    }
}
