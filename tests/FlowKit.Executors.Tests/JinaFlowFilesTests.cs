using System.Text;
using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Runtime;

namespace FlowKit.Executors;

/// <summary>
/// Flow files with the keys of public ones, each at its level, with built-in executors in the place of Python's. They are checked as
/// <c>flowkit check</c> does; what is warned of and refused stands, place by place, in <c>expected.txt</c> beside them.
/// </summary>
public sealed class JinaFlowFilesTests
{
    private const int LeastFiles = 40;

    private static readonly Dictionary<string, string> s_environment = new(StringComparer.Ordinal)
    {
        ["JINA_PORT"] = "45678",
        ["JINA_WORKSPACE"] = "workspace",
        ["JINA_WORKSPACE_CHUNK"] = "workspace/chunks",
        ["JINA_WORKSPACE_DOC"] = "workspace/documents",
        ["JINA_PARALLEL"] = "2",
        ["JINA_SHARDS"] = "2",
        ["DATA_MOUNT"] = "./data:/workspace/data",
        ["WORKSPACE_MOUNT"] = "./workspace:/workspace/workspace",
        ["TOP_K"] = "7",
    };

    private static string Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "FlowKit.sln")))
            {
                folder = folder.Parent!;
            }

            return Path.Combine(folder.FullName, "tests", "testdata", "flows", "jina");
        }
    }

    [Fact]
    public async Task Each_is_read_and_only_what_cannot_be_here_is_refused_by_name_and_place()
    {
        var files = Directory.GetFiles(Folder, "*.yml").Order(StringComparer.Ordinal).ToList();
        var seen = string.Concat(files.Select(Describe));

        Assert.True(files.Count >= LeastFiles);
        var expected = await File.ReadAllTextAsync(Path.Combine(Folder, "expected.txt"));
        if (seen != expected.ReplaceLineEndings("\n"))
        {
            var path = Path.Combine(Path.GetTempPath(), "flowkit-jina-files.txt");
            await File.WriteAllTextAsync(path, seen);
            Assert.Fail($"What is seen is in {path}; its first difference is in line {FirstDifference(seen, expected)}.");
        }
    }

    private static int FirstDifference(string one, string other) =>
        one.Split('\n').Zip(other.Split('\n')).TakeWhile(pair => pair.First == pair.Second).Count() + 1;

    private static string Describe(string path)
    {
        var told = new StringBuilder($"{Path.GetFileName(path)}\n");
        try
        {
            var config = FlowConfigReader.Read(path, new FlowReadOptions { Environment = name => s_environment.GetValueOrDefault(name) });
            Tell(told, "warns", config.Warnings);
            FlowRuntime.Check(config, ComponentCatalog.ScanApplication());
        }
        catch (FlowConfigException exception)
        {
            Tell(told, "refuses", exception.Errors);
        }

        return told.ToString();
    }

    private static void Tell(StringBuilder told, string what, IEnumerable<ConfigError> found)
    {
        foreach (var error in found.OrderBy(error => (error.Place.File, error.Place.Line, error.Place.Column)))
        {
            told.Append($"  {what} {Path.GetFileName(error.Place.File)}:{error.Place.Line}:{error.Place.Column} {error.Key}: {error.Message}\n");
        }
    }
}
