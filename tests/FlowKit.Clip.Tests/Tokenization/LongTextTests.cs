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
    public void A_huge_text_is_tokenized_in_reasonable_time(string what, int length, string pattern)
    {
        var text = string.Concat(Enumerable.Repeat(pattern, length / pattern.Length));
        var watch = Stopwatch.StartNew();
        var encoded = Vocabulary.OpenAi.Encode(text);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{what}: {watch.Elapsed}");
        Assert.True(encoded.Truncated);
        Assert.Equal(49407, encoded.Ids[76]);
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
