using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;

namespace FlowKit.Configuration.Substitution;

/// <summary>A value of the environment may be a secret, wherever it is put by mistake.</summary>
public class SecretTests
{
    private const string Secret = "s3cr3t-v4lue";

    private static readonly string[] Secrets = [Secret, $"{{{Secret}: x}}", $"{Secret}.yml", $"docker-{Secret}://x"];

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(FlowFiles.Valid(""), "*.yml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => Path.GetRelativePath(FlowFiles.Valid(""), path))];

    [Theory]
    [MemberData(nameof(Files))]
    public void No_message_holds_the_value_of_a_variable_on_any_line(string name)
    {
        using var folder = new TempFolder();
        foreach (string file in Files)
        {
            folder.Write(file, File.ReadAllText(FlowFiles.Valid(file)));
        }

        var lines = File.ReadAllLines(FlowFiles.Valid(name));
        for (var line = 0; line < lines.Length; line++)
        {
            if (lines[line].IndexOf(": ", StringComparison.Ordinal) is >= 0 and var value)
            {
                folder.Write(name, string.Join('\n', [.. lines[..line], lines[line][..(value + 2)] + "${{ ENV.TOKEN }}", .. lines[(line + 1)..]]));
                CheckAll(folder, Path.GetDirectoryName(name) is "" ? [name] : ["nested.yml", "files.yml"]);
            }
        }
    }

    [Theory]
    [InlineData("uses: '${{ ENV.TOKEN }}/config.yml'", "executors.a.uses: the file '${{ ENV.TOKEN }}/config.yml' does not exist")]
    [InlineData("polling: '${{ ENV.TOKEN }}'", "executors.a.polling: expected any, all or hash, not '${{ ENV.TOKEN }}'")]
    [InlineData("polling: '{\"/${{ ENV.TOKEN }}\": some}'", "executors.a.polling: expected any, all or hash, or JSON such as {\"/search\": \"all\", \"*\": \"any\"}, not '{\"/${{ ENV.TOKEN }}\": some}'")]
    [InlineData("when: {text: {$regex: '[${{ ENV.TOKEN }}'}}", "executors.a.when: text.$regex: not valid with the variables that are in it")]
    [InlineData("when: {text: '${{ ENV.TOKEN }}'}", "executors.a.when: text: not valid with the variables that are in it")]
    public void What_a_variable_spoils_is_told_without_its_value(string key, string expected) =>
        Assert.EndsWith(expected, Refuse($"executors:\n  - name: a\n    {key}\n"), StringComparison.Ordinal);

    [Fact]
    public void A_file_named_by_a_variable_is_shown_by_the_name_of_the_variable()
    {
        using var folder = new TempFolder();
        folder.Write($"{Secret}/config.yml", "jtype: A\nwiht: 1\n");
        var path = folder.Write("flow.yml", "executors:\n  - uses: ${{ ENV.TOKEN }}/config.yml\n");
        Assert.Equal($"{folder.Path}/${{{{ ENV.TOKEN }}}}/config.yml:2:1: wiht: unknown key; did you mean 'with'?", Read(path, Secret));
    }

    [Fact]
    public void A_name_made_of_a_variable_is_drawn_by_its_position() => Assert.EndsWith(
        "it can never reach the reply, which does not wait for what it needs: executor0 (floating) → b",
        Refuse("executors:\n  - {name: '${{ ENV.TOKEN }}', floating: true}\n  - {name: b, needs: '${{ ENV.TOKEN }}'}\n", "secret"),
        StringComparison.Ordinal);

    [Fact]
    public void A_wrong_value_of_a_variable_is_shown_by_the_name_of_the_variable() => Assert.Equal(
        "flow.yml:3:15: executors.a.replicas: expected a whole number from 1 to 1024, not '${{ ENV.TOKEN }}'",
        Refuse("executors:\n  - name: a\n    replicas: ${{ ENV.TOKEN }}\n"));

    private static string Refuse(string text, string secret = Secret) =>
        Assert.Throws<FlowConfigException>(() => FlowConfigReader.ReadText(text, "flow.yml", new FlowReadOptions { Environment = _ => secret })).Message;

    private static string Read(string path, string secret)
    {
        try
        {
            FlowConfigReader.Read(path, new FlowReadOptions { Environment = _ => secret });
            return "";
        }
        catch (FlowConfigException exception)
        {
            return exception.Message;
        }
    }

    private static void CheckAll(TempFolder folder, string[] flows)
    {
        foreach (var secret in Secrets)
        {
            Assert.All(flows, flow => Assert.DoesNotContain(Secret, Read(Path.Combine(folder.Path, flow), secret), StringComparison.Ordinal));
        }
    }
}
