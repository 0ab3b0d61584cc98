using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration;

/// <summary>Each file under testdata/flows/invalid says in its first lines which errors it must give, word for word.</summary>
public class InvalidFlowTests
{
    private const string Mark = "# expect: ";

    public static TheoryData<string> Files => [.. FlowFiles.All("invalid").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void An_invalid_flow_gives_exactly_the_expected_errors(string name)
    {
        var path = FlowFiles.All("invalid").Single(file => Path.GetFileName(file) == name);
        var expected = File.ReadLines(path).TakeWhile(line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(line => line[Mark.Length..]);
        var exception = Assert.Throws<FlowConfigException>(() => FlowConfigReader.Read(path));
        Assert.Equal(expected, exception.Errors.Select(error => Relative(error, path)));
    }

    /// <summary>Places in the flow itself without its name, those in the files it names with their paths from it.</summary>
    private static string Relative(ConfigError error, string path) =>
        error.ToString()[((error.Place.File == path ? path : Path.GetDirectoryName(path)!).Length + 1)..];

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_their_places()
    {
        const string Text = """
            jtype: Flow
            gateway: {port: -1, cors: on}
            executors:
              - name: my-encoder
                replicas: 0
                colour: red
              - name: ranker
                needs: encoder
            """;
        var exception = Assert.Throws<FlowConfigException>(() => FlowConfigReader.ReadText(Text, "flow.yml"));
        Assert.Equal([(2, 17), (2, 27), (4, 11), (5, 15), (6, 5), (8, 12)], exception.Errors.Select(error => (error.Place.Line, error.Place.Column)));
        Assert.Equal(6, exception.Message.Split('\n').Length);
        Assert.All(exception.Message.Split('\n'), line => Assert.StartsWith("flow.yml:", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Beyond_a_hundred_mistakes_only_their_number_is_told()
    {
        var text = "executors:\n  - name: a\n" + string.Concat(Enumerable.Range(0, 250).Select(index => $"    x{index}: 1\n"));
        var exception = Assert.Throws<FlowConfigException>(() => FlowConfigReader.ReadText(text, "flow.yml"));
        Assert.Equal(101, exception.Errors.Count);
        Assert.Equal("150 more mistakes are not shown", exception.Errors[^1].Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var exception = Assert.Throws<FlowConfigException>(() => FlowConfigReader.Read("no/such/flow.yml"));
        Assert.StartsWith("no/such/flow.yml: the file cannot be read: ", exception.Message, StringComparison.Ordinal);
    }
}
