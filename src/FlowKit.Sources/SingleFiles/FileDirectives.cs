using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Sources.SingleFiles;

/// <summary>
/// The directives of a C# file that is a program, or an executor, by itself, as .NET 10 defines them: <c>#:package Id@version</c>,
/// <c>#:project path</c>,
/// <c>#:property Name=Value</c>, <c>#:sdk Name</c>. They stand before the code.
/// </summary>
/// <param name="Packages">Package ids with their versions.</param>
/// <param name="Projects">Full paths of projects or their folders.</param>
/// <param name="Properties">MSBuild properties.</param>
/// <param name="Sdk">The SDK.</param>
internal sealed record FileDirectives(
    IReadOnlyList<(string Id, string Version)> Packages,
    IReadOnlyList<string> Projects,
    IReadOnlyList<(string Name, string Value)> Properties,
    string Sdk)
{
    private const string Mark = "#:";

    /// <summary>Reads the directives of a file; <see langword="null"/> when it has none.</summary>
    /// <exception cref="FlowConfigException">One of them is not valid; its place in the file.</exception>
    public static FileDirectives? Read(string text, string path)
    {
        List<(string, string)> packages = [], properties = [];
        List<string> projects = [];
        var (sdk, count) = ("Microsoft.NET.Sdk", 0);
        foreach (var (line, number) in Head(text))
        {
            var words = line[Mark.Length..].Trim().Split(
                (char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var (kind, value) = (words.FirstOrDefault() ?? "", words.ElementAtOrDefault(1) ?? "");
            count++;
            switch (kind)
            {
                case "package" when value.Split('@') is [{ Length: > 0 } id, { Length: > 0 } version]:
                    packages.Add((id, version));
                    break;
                case "project" when value.Length > 0:
                    projects.Add(Path.GetFullPath(value.Replace('\\', '/'), Path.GetDirectoryName(path)!));
                    break;
                case "property" when value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at:
                    properties.Add((value[..at].Trim(), value[(at + 1)..].Trim()));
                    break;
                case "sdk" when value.Length > 0:
                    sdk = value.Replace('@', '/');
                    break;
                default:
                    throw new FlowConfigException([new ConfigError(new SourcePlace(path, number, 1), $"{Mark}{kind}", Explain(kind))]);
            }
        }

        return count == 0 ? null : new FileDirectives(packages, projects, properties, sdk);
    }

    private static string Explain(string kind) => kind switch
    {
        "package" => "expected a package with its version: '#:package Name@1.2.3'",
        "project" => "expected the path of a project or its folder: '#:project ../lib'",
        "property" => "expected '#:property Name=Value'",
        "sdk" => "expected the name of an SDK: '#:sdk Microsoft.NET.Sdk'",
        _ => "is not known; known are #:package, #:project, #:property and #:sdk",
    };

    /// <summary>Directives among the blank lines and comments before the code.</summary>
    private static IEnumerable<(string Line, int Number)> Head(string text)
    {
        var number = 0;
        var inComment = false;
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim('\uFEFF', ' ', '\t', '\r');
            number++;
            if (inComment || line.StartsWith("/*", StringComparison.Ordinal))
            {
                inComment = !line.Contains("*/", StringComparison.Ordinal);
            }
            else if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                yield return (line, number);
            }
            else if (line.Length > 0 && line[0] != '#' && !line.StartsWith("//", StringComparison.Ordinal))
            {
                yield break;
            }
        }
    }
}
