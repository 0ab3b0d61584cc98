using FlowKit.Clip.Tokenization;
using FlowKit.Clip.Tokenization.Cleaning;

namespace FlowKit.Clip.Tests;

public sealed class TextRepairTests
{
    /// <summary>Texts of which each round of mending makes the next one possible, or which look like something at every character.</summary>
    public static TheoryData<string, string> Hostile => new()
    {
        { "&amp;", "amp;" },
        { "Ã", "\u0083" },
        { "", "&" },
        { "", "&#" },
        { "", "&CounterClockwiseContourIntegra" },
        { "", "Ã" },
        { "日", "Ã©" },
        { "日", "Ãƒ" },
        { "", "\u001B[1" },
        { "\u001B[", "1" },
        { "a", "\u0301\u0323" },
        { "", "Σ'" },
        { "Σ", "'" },
        { "\ud83d", "\ud83d" },
        { "", "&amp;\n" },
        { "", "Ã \n" },
        { "€", "œ\u0081" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void The_work_for_a_hostile_text_grows_with_its_length_and_not_with_its_square(string start, string pattern)
    {
        var tenth = Allocated(start + string.Concat(Enumerable.Repeat(pattern, 20_000 / pattern.Length)));
        var whole = Allocated(start + string.Concat(Enumerable.Repeat(pattern, 200_000 / pattern.Length)));

        // A square would be a hundredfold.
        Assert.InRange(whole, 0, (tenth * 14) + 1_000_000);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_text_is_looked_at_a_bounded_number_of_times(string start, string pattern)
    {
        var text = start + string.Concat(Enumerable.Repeat(pattern, 200_000 / pattern.Length));
        var budget = new RepairBudget(text.Length);

        TextRepair.Of(text, budget);

        Assert.InRange(budget.Spent, 1, 34L * text.Length + 65_536);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(10)]
    public void A_short_text_has_all_the_rounds_that_it_needs(int levels)
    {
        Assert.Equal("&", TextRepair.Of("&" + string.Concat(Enumerable.Repeat("amp;", levels))));
        Assert.Equal("Ã", TextRepair.Of("Ã" + new string('\u0083', levels)));
    }

    [Fact]
    public void A_text_of_plain_characters_is_the_text_itself()
    {
        var text = string.Concat(Enumerable.Range(' ', 95).Where(static unit => unit != '&').Select(static unit => (char)unit)) + "\t\n\f";

        Assert.Same(text, TextRepair.Of(text));
    }

    [Fact]
    public void From_the_first_line_with_a_bracket_on_entities_are_left()
    {
        Assert.Equal("\"a\"\n<b>&ldquo;\n&ldquo;", TextRepair.Of("&ldquo;a&ldquo;\n<b>&ldquo;\n&ldquo;"));
    }

    [Fact]
    public void A_line_of_millions_is_mended_in_pieces_that_cut_no_pair()
    {
        var text = new string('x', 999_999) + "😀" + new string('y', 1_000_000) + "ﬁ";

        Assert.Equal(text.Replace("ﬁ", "fi", StringComparison.Ordinal), TextRepair.Of(text));
    }

    private static long Allocated(string text)
    {
        TextCleaner.Clean(text[..100], TextCleaning.OpenAi);
        var before = GC.GetAllocatedBytesForCurrentThread();
        TextCleaner.Clean(text, TextCleaning.OpenAi);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
