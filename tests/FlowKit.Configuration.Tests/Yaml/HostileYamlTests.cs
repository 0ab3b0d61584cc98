using System.Text;
using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Yaml;

/// <summary>What would stop a naive reader (a dead process, hours, all memory) must be refused soon, with a place.</summary>
public class HostileYamlTests
{
    /// <summary>Far more than any of them takes alone: tests run side by side on loaded machines.</summary>
    /// <summary>The most that a file of a mebibyte may make the reader allocate: what multiplies goes far beyond.</summary>
    private const long MaxBytes = 512L << 20;

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("{a: ")]
    [InlineData("[a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("{? ")]
    [InlineData("a: [")]
    [InlineData("&a [")]
    public void Ten_thousand_levels_are_refused(string level)
    {
        var error = Refuse(string.Concat(Enumerable.Repeat(level, 10_000)));
        Assert.Contains(error.Message, new[] { "nested deeper than 64 levels", "a key is expected to be a word" });
    }

    [Fact]
    public void Deep_indentation_is_refused()
    {
        var text = new StringBuilder();
        for (var level = 0; level < 1_000; level++)
        {
            text.Append(' ', level).Append("a:\n");
        }

        Assert.Equal("nested deeper than 64 levels", Refuse(text.ToString()).Message);
    }

    [Fact]
    public void Sixty_four_levels_are_read_and_sixty_five_are_not()
    {
        Assert.Equal("nested deeper than 64 levels", Refuse(Nested(62)).Message);
        Assert.NotNull(FlowConfigReader.ReadText(Nested(61), "flow.yml"));

        // The root, the list of executors and the entry are three levels; uses_with is the fourth.
        static string Nested(int lists) => $"executors:\n  - uses_with: {{a: {new string('[', lists - 1)}{new string(']', lists - 1)}}}\n";
    }

    [Fact]
    public void An_alias_bomb_is_refused()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level <= 9; level++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n");
        }

        Assert.Equal("more than 100000 values, aliases expanded", Refuse(text.ToString()).Message);
    }

    [Fact]
    public void A_chain_of_aliases_may_not_get_round_the_depth()
    {
        var text = string.Concat(Enumerable.Range(1, 90).Select(level => $"a{level}: &a{level} [*a{level - 1}]\n"));
        Assert.Equal("nested deeper than 64 levels", Refuse("a0: &a0 [x]\n" + text).Message);
    }

    [Fact]
    public void More_than_a_hundred_aliases_are_refused() =>
        Assert.Equal("more than 100 aliases", Refuse("a: &a x\nb: [" + string.Concat(Enumerable.Repeat("*a, ", 101)) + "]\n").Message);

    [Fact]
    public void An_alias_to_the_mapping_around_it_is_refused() => Assert.Equal("the alias *a contains itself", Refuse("&a {b: *a}").Message);

    [Fact]
    public void A_hundred_thousand_values_are_refused() =>
        Assert.Equal("more than 100000 values, aliases expanded", Refuse("a: [" + string.Concat(Enumerable.Repeat("x,", 100_001)) + "]").Message);

    [Fact]
    public void More_than_a_mebibyte_is_refused() =>
        Assert.Equal("the file is larger than 1024 KiB, which no flow needs", Refuse("# " + new string('x', 1 << 20)).Message);

    [Fact]
    public void Forty_thousand_unknown_keys_are_counted()
    {
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(index => $"executers{index}: 1\n"));
        Assert.StartsWith("unknown key", Refuse(text).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Thousands_of_executors_are_refused() =>
        Assert.Equal("expected at most 1000 executors, not 20000", Refuse("executors:\n" + string.Concat(Enumerable.Repeat("- uses: A\n", 20_000))).Message);

    private static ConfigError Refuse(string text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<FlowConfigException>(() => FlowConfigReader.ReadText(text, "flow.yml"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytes);
        return exception.Errors[0];
    }
}
