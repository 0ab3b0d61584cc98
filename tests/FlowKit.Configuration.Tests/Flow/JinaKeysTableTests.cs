using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Flow;

/// <summary>docs/jina-keys.md holds row by row: each key at each place that the row names does what its last column says.</summary>
public sealed class JinaKeysTableTests : IDisposable
{
    private const int LeastRows = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("flowkit-keys-").FullName;

    public static TheoryData<string, string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string, string>();
            foreach (var line in File.ReadLines(FlowFiles.Page("jina-keys.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
            {
                var cells = line.Trim('|').Split(" | ").Select(cell => cell.Trim()).ToArray();
                var values = Codes(cells[2]);
                foreach (var (key, index) in Codes(cells[0]).Select((key, index) => (key, index)))
                {
                    foreach (var place in cells[1].Split(", "))
                    {
                        rows.Add(key, place, values[Math.Min(index, values.Count - 1)], cells[3].Split(' ', ':', ';', ',')[0]);
                    }
                }
            }

            return rows;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_table_is_found() => Assert.True(Rows.Count >= LeastRows);

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_key_does_what_its_row_says(string key, string place, string value, string expected)
    {
        var text = Write(key, place, value);
        var (warnings, errors) = Read(text);

        switch (expected)
        {
            case "read":
                Assert.Empty(errors);
                Assert.Empty(warnings);
                break;
            case "ignored":
                Assert.Empty(errors);
                Assert.EndsWith(key, Assert.Single(warnings).Key, StringComparison.Ordinal);
                Assert.True(warnings[0].Place.Line > 0);
                break;
            case "refused":
                Assert.EndsWith(key, Assert.Single(errors).Key, StringComparison.Ordinal);
                Assert.True(errors[0].Message.Length > 20, errors[0].Message);
                break;
            default:
                Assert.Fail($"'{expected}' is none of read, ignored and refused");
                break;
        }
    }

    private static List<string> Codes(string cell) => [.. cell.Split('`').Where((_, index) => index % 2 == 1)];

    private (IReadOnlyList<ConfigError> Warnings, IReadOnlyList<ConfigError> Errors) Read(string text)
    {
        var path = Path.Combine(_folder, "flow.yml");
        File.WriteAllText(path, text);
        var config = FlowConfigReader.ReadLeniently(path, new FlowReadOptions { Environment = _ => null }, out var errors);
        return (config.Warnings, errors);
    }

    private string Write(string key, string place, string value)
    {
        const string Entry = "executors:\n- name: a\n";
        if (place == "config")
        {
            File.WriteAllText(Path.Combine(_folder, "config.yml"), $"jtype: X\n{key}: {value}\n");
        }

        return place switch
        {
            "top" when key == "jtype" => $"jtype: {value}\n{Entry}",
            "top" => $"jtype: Flow\n{key}: {value}\n{Entry}",
            "with" => $"jtype: Flow\nwith:\n  {key}: {value}\n{Entry}",
            "gateway" => $"jtype: Flow\ngateway:\n  {key}: {value}\n{Entry}",
            "executors" => $"jtype: Flow\n{Entry}  {key}: {value}\n",
            "uses" => $"jtype: Flow\n{Entry}  uses:\n    jtype: X\n    {key}: {value}\n",
            "metas" => $"jtype: Flow\n{Entry}  uses:\n    jtype: X\n    metas:\n      {key}: {value}\n",
            "config" => $"jtype: Flow\n{Entry}  uses: config.yml\n",
            _ => throw new ArgumentException(place, nameof(place)),
        };
    }
}
