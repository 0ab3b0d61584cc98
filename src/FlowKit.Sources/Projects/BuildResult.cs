using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Sources.Projects;

/// <summary>The outcome of a build.</summary>
/// <param name="ExitCode">0 when it went well.</param>
/// <param name="Output">The properties that were asked for, as JSON.</param>
/// <param name="Errors">What the compiler and the restore said.</param>
internal sealed partial record BuildResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Tells whether one framework was named, of however many the project is for.</summary>
    public bool IsOfOneFramework { get; init; }

    private string? TargetPath => IsOfOneFramework || Property("TargetFrameworks") is null ? Property(nameof(TargetPath)) : null;

    /// <summary>The assembly that was built.</summary>
    /// <param name="project">The project.</param>
    /// <exception cref="FlowConfigException">It does not build, or makes none, or several.</exception>
    public string AssemblyOf(string project)
    {
        if (ExitCode != 0)
        {
            throw ToException(project);
        }

        if (TargetPath is { } path && File.Exists(path))
        {
            return path;
        }

        throw new FlowConfigException([new ConfigError(
            new SourcePlace(project, 0, 0),
            "TargetFrameworks",
            $"the project makes no single assembly; expected one TargetFramework, net{Environment.Version.Major}.0")]);
    }

    /// <summary>The mistakes as the compiler tells them, each with its file, line and column.</summary>
    /// <param name="project">The project, where a message names no file.</param>
    public FlowConfigException ToException(string project)
    {
        var errors = Errors.Split('\n').Concat(Output.Split('\n')).Select(
            line => Diagnostic().Match(line.Trim())).Where(match => match.Success)
            .Select(match => ToError(match, project)).ToList();
        if (errors.Count == 0)
        {
            var last = string.Join(
                " | ",
                $"{Errors}\n{Output}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(3));
            errors.Add(new ConfigError(new SourcePlace(project, 0, 0), "", $"the build ended with {ExitCode}: {last}"));
        }

        return new FlowConfigException(errors);
    }

    private string? Property(string name)
    {
        try
        {
            return (string?)JsonNode.Parse(Output)?["Properties"]?[name] is { Length: > 0 } value ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ConfigError ToError(Match match, string project)
    {
        var file = match.Groups["file"].Value is { Length: > 0 } named && named != "MSBUILD" ? named : project;
        var place = new SourcePlace(file, Number(match.Groups["line"]), Number(match.Groups["column"]));
        var code = match.Groups["code"].Value;
        return new ConfigError(place, code, match.Groups["message"].Value + NextStep(code));
    }

    private static int Number(Group group) => group.Success && int.TryParse(group.Value, out var number) ? number : 0;

    private static string NextStep(string code) => code switch
    {
        "NU1101" or "NU1102" or "NU1103" => "; check its name and version, or add the source that has it to a nuget.config beside it",
        "NU1301" or "NU1300" => "; the source cannot be reached: check the network, or restore once where it can be",
        "NU1202" or "NU1201" => $"; it must be for net{Environment.Version.Major}.0 or older",
        "NETSDK1004" => "; it has not been restored",
        _ => "",
    };

    [GeneratedRegex(@"^(?<file>.*?)(\((?<line>\d+)(,(?<column>\d+))?[^)]*\))?\s*: error (?<code>\w+): (?<message>.*?)( \[[^\[\]]+\])?$")]
    private static partial Regex Diagnostic();
}
