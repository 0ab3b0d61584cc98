using FlowKit.Clip.Tokenization;

namespace FlowKit.Clip.Tests;

public sealed class TextSectionsTests
{
    private const int Max = TextSections.MaxLength;

    [Fact]
    public void Nearly_every_text_is_one_section_and_no_copy()
    {
        foreach (var text in new[] { "", "a photo", new string('x', Max) })
        {
            Assert.Same(text, Assert.Single(Of(text)).Text);
        }
    }

    [Fact]
    public void A_cut_is_the_end_of_a_line_or_else_white_space()
    {
        var line = new string('x', Max / 2);

        Assert.Equal([line + "a b", line], Of($"{line}a b\n{line}").Select(static section => section.Text));
        Assert.Equal([line + "a", "b" + line], Of($"{line}a b{line}").Select(static section => section.Text));
        Assert.All(Of($"{line}a b{line}"), static section => Assert.False(section.ContinuesWord));
    }

    [Fact]
    public void A_word_is_cut_only_where_it_fills_a_section_and_never_within_a_character()
    {
        var word = new string('x', Max - 1) + "😀y";

        var sections = Of("a " + word);

        Assert.Equal(["a", new string('x', Max - 1), "😀y"], sections.Select(static section => section.Text));
        Assert.Equal([false, false, true], sections.Select(static section => section.ContinuesWord));
    }

    [Fact]
    public void From_the_section_after_an_angle_bracket_on_a_text_is_html()
    {
        var words = string.Concat(Enumerable.Repeat("word ", Max / 5));

        Assert.Equal([false, false, true, true], Of($"{words}a <b {words}{words}{words}").Select(static section => section.IsHtml));
    }

    [Fact]
    public void Nothing_of_a_text_is_lost_but_the_white_space_of_the_cuts()
    {
        var random = new Random(5);
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(_ => random.Next(9) == 0 ? " " : ((char)('a' + random.Next(26))).ToString()));

        var sections = Of(text);

        Assert.InRange(sections.Count, 3, 4);
        Assert.Equal(text, string.Join(' ', sections.Select(static section => section.Text)));
    }

    private static List<TextSection> Of(string text)
    {
        var result = new List<TextSection>();
        foreach (var section in new TextSections(text))
        {
            result.Add(section);
        }

        return result;
    }
}
