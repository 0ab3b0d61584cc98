namespace FlowKit.Configuration;

/// <summary>A value of the environment may be a secret, wherever it is put by mistake.</summary>
public class SecretTests
{
    private const string Secret = "s3cr3t-v4lue";

    public static TheoryData<string, int> Values()
    {
        var data = new TheoryData<string, int>();
        foreach (var path in FlowFiles.All("valid"))
        {
            var lines = File.ReadAllLines(path);
            for (var line = 0; line < lines.Length; line++)
            {
                if (lines[line].Contains(": ", StringComparison.Ordinal))
                {
                    data.Add(Path.GetFileName(path), line);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void No_message_holds_the_value_of_a_variable(string name, int line)
    {
        var lines = File.ReadAllLines(FlowFiles.Valid(name));
        lines[line] = lines[line][..(lines[line].IndexOf(": ", StringComparison.Ordinal) + 2)] + "${{ ENV.TOKEN }}";
        try
        {
            FlowConfigReader.ReadText(string.Join('\n', lines), "flow.yml", new FlowReadOptions { Environment = _ => Secret });
        }
        catch (FlowConfigException exception)
        {
            Assert.DoesNotContain(Secret, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_wrong_value_of_a_variable_is_shown_by_the_name_of_the_variable()
    {
        var exception = Assert.Throws<FlowConfigException>(() => FlowConfigReader.ReadText(
            "executors:\n  - name: a\n    replicas: ${{ ENV.TOKEN }}\n", "flow.yml", new FlowReadOptions { Environment = _ => Secret }));
        Assert.Equal("flow.yml:3:15: executors.a.replicas: expected a whole number from 1 to 1024, not '${{ ENV.TOKEN }}'", exception.Message);
    }
}
