using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using FlowKit.Components;

namespace FlowKit.Sources.Projects;

/// <summary>
/// The files that a project is built from: its own sources, what the folders above it add, and the projects that it references.
/// </summary>
internal static partial class ProjectInputs
{
    private const int MaxFiles = 20_000;

    private static readonly EnumerationOptions s_plain = new()
    {
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    private static readonly string[] s_endings =
        [".cs", ".fs", ".vb", ".csproj", ".fsproj", ".vbproj", ".props", ".targets", ".resx", ".razor"];
    private static readonly string[] s_above =
    [
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "nuget.config", "NuGet.Config",
        "NuGet.config",
    ];
    private static readonly string[] s_output = ["bin", "obj", "node_modules", "artifacts"];

    /// <summary>All of them, each once.</summary>
    /// <param name="project">The project's file.</param>
    public static IReadOnlyCollection<string> Of(string project)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>([project]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (waiting.TryDequeue(out var next))
        {
            if (!seen.Add(next) || !File.Exists(next))
            {
                continue;
            }

            var folder = Path.GetDirectoryName(next)!;
            files.Add(next);
            files.UnionWith(SourcesUnder(folder));
            files.UnionWith(Above(folder));
            foreach (var (name, path) in Named(next, folder))
            {
                if (name == "ProjectReference")
                {
                    waiting.Enqueue(path);
                }

                files.Add(path);
            }
        }

        return files;
    }

    /// <summary>A text that changes when one of the files does.</summary>
    public static string StampOf(IEnumerable<string> files) =>
        CacheFolder.KeyOf(files.Order(StringComparer.Ordinal).Select(file => $"{file} {FileStamp.Of(file)}"));

    private static IEnumerable<string> SourcesUnder(string folder)
    {
        var folders = new Stack<string>([folder]);
        var count = 0;
        while (folders.TryPop(out var next) && count < MaxFiles)
        {
            foreach (var entry in new DirectoryInfo(next).EnumerateFileSystemInfos("*", s_plain))
            {
                if (entry is DirectoryInfo && !s_output.Contains(entry.Name))
                {
                    folders.Push(entry.FullName);
                }
                else if (entry is FileInfo && s_endings.Contains(entry.Extension))
                {
                    count++;
                    yield return entry.FullName;
                }
            }
        }
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var next = new DirectoryInfo(folder); next is not null; next = next.Parent)
        {
            foreach (var path in s_above.Select(name => Path.Combine(next.FullName, name)).Where(File.Exists))
            {
                yield return path;
            }
        }
    }

    /// <summary>The files that the project names itself, without patterns and variables.</summary>
    private static List<(string Name, string Path)> Named(string project, string folder)
    {
        try
        {
            return [.. XDocument.Load(project).Descendants()
                .SelectMany(
                    element => new[] { element.Attribute("Include")?.Value, element.Name.LocalName == "HintPath" ? element.Value : null }
                    .Where(value => value is not null && PlainPath().IsMatch(value))
                    .Select(value => (element.Name.LocalName, Path.GetFullPath(value!.Replace('\\', '/'), folder))))
                .Where(named => File.Exists(named.Item2))];
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            // The build says better what is wrong with it.
            return [];
        }
    }

    [GeneratedRegex(@"\A[^*?$@;|<>]+\.\w+\z")]
    private static partial Regex PlainPath();
}
