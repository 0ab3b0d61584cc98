using FlowKit.Clip.Tokenization;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

/// <summary>Texts in which ftfy or OpenAI's own cleaning has something to do have the ids that they give.</summary>
public sealed class GoldenTextTests
{
    private const string TextOnPurpose = "a special token in a text is text, whoever wrote it";

    // Everything else is equal. docs/models.md has the same table in words.
    private static readonly Dictionary<string, string> OnPurpose = new()
    {
        ["on purpose 1"] = TextOnPurpose,
        ["on purpose 2"] = TextOnPurpose,
        ["on purpose 3"] = TextOnPurpose,
        ["on purpose 4"] = TextOnPurpose,
        ["on purpose 5"] = "two thousand entities within each other would cost the square of the text's length",
    };

    private static readonly Lazy<ClipTokenizer> Tiny = new(static () =>
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "models", "tiny-clip");
        return ClipTokenizer.Load(Path.Combine(folder, "merges.txt"), Path.Combine(folder, "vocab.json"));
    });

    [Fact]
    public void Every_text_has_the_reference_ids_but_those_that_differ_on_purpose()
    {
        var isShared = SharedData.WhyMissing("data") is null;
        var (equal, onPurpose, different) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var golden in GoldenText.All)
        {
            var difference = Difference(golden, isShared);
            var others = OnPurpose.ContainsKey(golden.Name) ? onPurpose : different;
            var list = difference is null ? equal : others;
            list.Add(difference ?? golden.Name);
        }

        Assert.True(different.Count == 0, string.Join('\n', different));
        Assert.Equal(OnPurpose.Count, onPurpose.Count);
        Assert.InRange(equal.Count, 150, int.MaxValue);
    }

    [Fact]
    public void Every_function_of_the_reference_has_at_least_ten_texts()
    {
        var few = GoldenText.All.GroupBy(static golden => golden.Function).Where(static group => group.Count() < 10).Select(static group => group.Key);
        Assert.Equal(["on purpose"], few);
    }

    [Fact]
    public void A_text_that_the_reference_leaves_alone_keeps_every_character()
    {
        var changed = GoldenText.All
            .Where(static golden => golden.Function == "nothing to mend")
            .Where(static golden => !golden.Text.Equals(TextCleaner.Clean(golden.Text, TextCleaning.OpenAi), StringComparison.OrdinalIgnoreCase));
        Assert.Empty(changed);
    }

    private static string? Difference(GoldenText golden, bool isShared)
    {
        var cleaned = TextCleaner.Clean(golden.Text, TextCleaning.OpenAi);
        if (cleaned != golden.Cleaned)
        {
            return $"{golden.Name}: '{golden.Text}' is cleaned to '{cleaned}' and not to '{golden.Cleaned}'";
        }

        return !Tiny.Value.Ids(golden.Text).SequenceEqual(golden.Tiny) || (isShared && !Vocabulary.OpenAi.Ids(golden.Text).SequenceEqual(golden.OpenAi))
            ? $"{golden.Name}: '{golden.Text}' has other ids"
            : null;
    }
}
