namespace FlowKit.Cli.Scaffolding;

/// <summary>A template that lies beside the program; <c>dotnet new</c> uses the same files.</summary>
/// <param name="folder">Its folder.</param>
/// <param name="sourceName">The name in it that a new one replaces.</param>
internal sealed class TemplateFolder(string folder, string sourceName)
{
    /// <summary>Stands in a template for the version of the packages that it references.</summary>
    private const string Version = "0.0.0-version";

    private const string Settings = ".template.config";
    private const string Unfinished = ".unfinished";

    /// <summary>The template of a kind.</summary>
    /// <param name="kind">executor or flow.</param>
    public static TemplateFolder Of(string kind) =>
        new(Path.Combine(AppContext.BaseDirectory, "templates", kind), $"My{char.ToUpperInvariant(kind[0])}{kind[1..]}");

    /// <summary>Makes a new one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="output">The folder it is made in.</param>
    /// <returns>Its own folder.</returns>
    /// <exception cref="FlowKitException">There is something of that name already, or it cannot be written.</exception>
    public string Copy(string name, string output)
    {
        var target = Path.GetFullPath(Path.Combine(output, name));
        if (Path.Exists(target) && (!Directory.Exists(target) || Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition, $"'{target}' is there already, and not empty; choose another name, or another --output.");
        }

        // Half a project would stand in the way of the next attempt. In a folder that others can write too, nobody can have made one of
        // this name.
        var unfinished = $"{target}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            Write(name, unfinished);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(unfinished, target);
            return target;
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            UnfinishedFolder.Remove(unfinished);
            throw FileFailure.OfWriting($"'{target}'", exception);
        }
    }

    private void Write(string name, string target)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).StartsWith(Settings, StringComparison.Ordinal)).ToList();
        foreach (var file in files)
        {
            var path = Path.Combine(target, Path.GetRelativePath(folder, file).Replace(sourceName, name, StringComparison.Ordinal));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Fill(File.ReadAllText(file), name));
        }
    }

    private string Fill(string text, string name) => text
        .Replace(sourceName, name, StringComparison.Ordinal)
        .Replace(sourceName.ToLowerInvariant(), name.ToLowerInvariant(), StringComparison.Ordinal)
        .Replace(Version, ProgramVersion.Value, StringComparison.Ordinal);
}
