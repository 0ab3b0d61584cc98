using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Components;

/// <summary>A variable and a command line give texts: an option that is a text takes them as they are, another reads them.</summary>
public sealed class OptionTextsTests
{
    private static readonly string[] s_values =
        ["007", "1e3", "true", "False", "null", "~", "", ".nan", ".inf", "-.inf", "0x10", "0o7", "+1", "20240601", "1.50", "99999999999999999999", "a b"];

    /// <summary>The ways to write a value that a variable gives, with what stands before it.</summary>
    private static readonly (string Written, string Before)[] s_ways =
    [
        ("${{ ENV.X }}", ""), ("\"${{ ENV.X }}\"", ""), ("'${{ CONTEXT.x }}'", ""), ("${{ x }}", ""), ("\"id-${{ ENV.X }}\"", "id-"), ("0${{ ENV.X }}", "0"),
    ];

    public static TheoryData<string, string, string> Texts
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var value in s_values)
            {
                foreach (var (written, before) in s_ways)
                {
                    data.Add(written, value, before + value);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Values => [.. s_values];

    [Theory]
    [MemberData(nameof(Texts))]
    public void An_option_that_is_a_text_gets_exactly_the_characters(string written, string value, string expected)
    {
        var options = Bind($"text: {written}\nlist: [{Quoted(written)}, b]\nmap: {{a: {Quoted(written)}}}\ninner: {{text: {Quoted(written)}}}", value);

        Assert.Equal(expected, options.Text);
        Assert.Equal([expected, "b"], options.List);
        Assert.Equal(expected, options.Map["a"]);
        Assert.Equal(expected, options.Inner!.Text);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void What_is_set_on_the_command_line_is_exactly_the_text(string value) =>
        Assert.Equal(value, Bind("whole: 1", "", new() { ["executors.a.uses_with.text"] = value }).Text);

    [Theory]
    [InlineData("007", 7)]
    [InlineData("1e3", 1000)]
    [InlineData("+1", 1)]
    [InlineData("-4", -4)]
    public void An_option_that_is_a_number_reads_the_value_as_one(string value, int expected)
    {
        Assert.Equal(expected, Bind("whole: ${{ ENV.X }}", value).Whole);
        Assert.Equal(expected, Bind("whole: \"${{ ENV.X }}\"", value).Whole);
        Assert.Equal(expected, Bind("text: a", "", new() { ["executors.a.uses_with.whole"] = value }).Whole);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData(".nan")]
    [InlineData("0x10")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public void An_option_that_is_a_number_refuses_what_is_none_with_its_place(string value)
    {
        var message = Assert.Throws<FlowConfigException>(() => Bind("whole: ${{ ENV.X }}", value)).Message;

        Assert.StartsWith("flow.yml:4:14: uses_with.whole: expected a whole number, not ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truth_value_and_a_number_with_a_fraction_are_read()
    {
        var options = Bind("flag: ${{ ENV.X }}\ntext: ${{ ENV.X }}", "true");
        Assert.True(options.Flag);
        Assert.Equal("true", options.Text);
        Assert.Equal(0.5, Bind("number: ${{ ENV.X }}", "0.5").Number);
    }

    [Fact]
    public void What_is_written_in_the_file_keeps_the_types_of_YAML() =>
        Assert.Contains("expected text, not this number", Assert.Throws<FlowConfigException>(() => Bind("text: 7", "")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_setting_that_looks_the_same_as_a_number_is_another_when_its_text_is()
    {
        Assert.NotEqual(Read("text: ${{ ENV.X }}", "007"), Read("text: ${{ ENV.X }}", "7"));
        Assert.Equal(Read("text: ${{ ENV.X }}", "007"), Read("text: ${{ ENV.X }}", "007"));
    }

    private static string Quoted(string written) => written[0] is '"' or '\'' ? written : $"\"{written}\"";

    private static Options Bind(string with, string value, Dictionary<string, string>? set = null)
    {
        List<ConfigError> errors = [];
        var options = (Options)new OptionsBinder(Read(with, value, set), errors).BindClass(typeof(Options));
        return errors.Count == 0 ? options : throw new FlowConfigException(errors);
    }

    private static ExecutorConfig Read(string with, string value, Dictionary<string, string>? set = null) => FlowConfigReader.ReadText(
        $"executors:\n  - name: a\n    uses_with:\n      {with.ReplaceLineEndings("\n      ")}\n    uses: Some\n",
        "flow.yml",
        new FlowReadOptions { Environment = _ => value, Context = new Dictionary<string, string> { ["x"] = value }, Overrides = set ?? [] }).Executors[0];

    public sealed class Options
    {
        public string? Text { get; set; }

        public int Whole { get; set; }

        public double Number { get; set; }

        public bool Flag { get; set; }

        public IReadOnlyList<string> List { get; set; } = [];

        public Dictionary<string, string> Map { get; set; } = [];

        public Inside? Inner { get; set; }
    }

    public sealed class Inside
    {
        public string? Text { get; set; }
    }
}
