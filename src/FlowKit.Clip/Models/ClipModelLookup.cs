namespace FlowKit.Clip.Models;

/// <summary>Finds a model's folder by path or by name.</summary>
internal static class ClipModelLookup
{
    /// <summary>The folder of the built-in models, each in a folder of its own.</summary>
    internal static string BuiltInRoot => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The full path of a model's folder.</summary>
    /// <param name="nameOrPath">A folder, a file in it, a built-in name, or the name of a model that was pulled.</param>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.NotFound"/>: says what was looked for and what there is.</exception>
    internal static string Find(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(nameOrPath));
        if (Directory.Exists(path))
        {
            return path;
        }

        if (File.Exists(path))
        {
            return Path.GetDirectoryName(path)!;
        }

        var builtIn = Path.Combine(BuiltInRoot, nameOrPath);
        if (IsName(nameOrPath) && Directory.Exists(builtIn))
        {
            return builtIn;
        }

        return ClipModelStore.Default.FolderOf(nameOrPath) is { } pulled && Directory.Exists(pulled)
            ? pulled
            : throw NotFound(nameOrPath, path);
    }

    private static bool IsName(string name) => name.AsSpan().IndexOfAny('/', '\\') < 0 && name is not ("." or "..");

    private static FlowKitException NotFound(string name, string path)
    {
        string[] folders = Directory.Exists(BuiltInRoot) ? Directory.GetDirectories(BuiltInRoot) : [];
        var known = folders.Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);
        return new FlowKitException(
            FlowErrorCode.NotFound,
            $"There is no CLIP model '{name}': looked for the folder {path}, for a built-in model of that name,"
            + $" and in {ClipModelStore.Default.Root}. Built-in models: {string.Join(", ", known.DefaultIfEmpty("none"))}.{Advice(name)}");
    }

    /// <summary>Says what the registry knows of a name; empty when it knows nothing like it.</summary>
    private static string Advice(string name)
    {
        if (ClipRegistry.Find(name) is { } entry)
        {
            return entry.Hub is null
                ? $" The registry knows it as '{entry.Name}', but no hub that keeps it as ONNX;"
                    + " export it and add it with `flowkit models add`."
                : $" The registry knows it as '{entry.Name}': `flowkit models pull {entry.Name}` brings it.";
        }

        return ClipRegistry.Near(name).ToList() is { Count: > 0 } near ? $" The registry knows {string.Join(", ", near)}." : "";
    }
}
