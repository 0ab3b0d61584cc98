using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Sources.Projects;
using FlowKit.Sources.SingleFiles;

namespace FlowKit.Sources;

/// <summary>The files that an executor is made of, for those that follow their changes.</summary>
internal static class ExecutorFiles
{
    /// <param name="uses">What it uses.</param>
    /// <param name="baseDirectory">Where relative paths start.</param>
    public static IEnumerable<string> Of(string uses, string baseDirectory)
    {
        var reference = UsesReference.Parse(uses);
        if (!reference.IsPath)
        {
            return [];
        }

        var path = PathOf(reference, baseDirectory);
        return reference.Origin switch
        {
            UsesOrigin.Project => ProjectFolder.Find(path, out _) is { } project ? ProjectInputs.Of(project) : [path],
            UsesOrigin.Source => OfSource(path),
            _ => [path],
        };
    }

    /// <summary>Returns the full path that is meant; empty for what is none.</summary>
    public static string PathOf(UsesReference reference, string baseDirectory) => reference.IsPath
        ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(reference.Target.Replace('\\', '/'), baseDirectory))
        : "";

    private static IEnumerable<string> OfSource(string path)
    {
        try
        {
            var projects = File.Exists(path) ? FileDirectives.Read(File.ReadAllText(path), path)?.Projects ?? [] : [];
            return [path, .. projects.Select(project => ProjectFolder.Find(project, out _)).OfType<string>().SelectMany(ProjectInputs.Of)];
        }
        catch (Exception exception) when (exception is FlowConfigException or IOException or UnauthorizedAccessException)
        {
            return [path];
        }
    }
}
