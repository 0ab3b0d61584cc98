namespace FlowKit.Sources.Projects;

/// <summary>Finds the one project that <c>uses: ./folder</c> means.</summary>
internal static class ProjectFolder
{
    /// <summary>The project's file.</summary>
    /// <param name="path">A folder, or the project itself.</param>
    /// <param name="problem">Why there is none.</param>
    public static string? Find(string path, out string problem)
    {
        problem = "";
        if (File.Exists(path))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            problem = $"neither a folder nor a project is at '{path}'";
            return null;
        }

        var projects = Directory.EnumerateFiles(path).Where(
            file => Path.GetExtension(file) is ".csproj" or ".fsproj" or ".vbproj").Order(StringComparer.Ordinal).ToList();
        problem = projects.Count switch
        {
            0 => $"no project is in the folder '{path}'; 'flowkit new executor NAME' makes one",
            1 => "",
            _ =>
                $"{projects.Count} projects are in the folder '{path}'; name one of them: "
                    + $"{string.Join(", ", projects.Select(Path.GetFileName))}",
        };
        return projects is [var only] ? only : null;
    }
}
