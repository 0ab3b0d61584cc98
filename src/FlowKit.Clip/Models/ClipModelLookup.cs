namespace FlowKit.Clip;

/// <summary>Finds a model's folder by path or by built-in name.</summary>
internal static class ClipModelLookup
{
    /// <summary>Where built-in models lie: one folder each.</summary>
    internal static string BuiltInRoot => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The full path of a model's folder.</summary>
    /// <param name="nameOrPath">A folder, a file in it, or a built-in name.</param>
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
        return IsName(nameOrPath) && Directory.Exists(builtIn) ? builtIn : throw NotFound(nameOrPath, path);
    }

    private static bool IsName(string name) => name.AsSpan().IndexOfAny('/', '\\') < 0 && name is not ("." or "..");

    private static FlowKitException NotFound(string name, string path)
    {
        string[] folders = Directory.Exists(BuiltInRoot) ? Directory.GetDirectories(BuiltInRoot) : [];
        var known = folders.Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);
        return new FlowKitException(FlowErrorCode.NotFound, $"There is no CLIP model '{name}': looked for the folder {path} and for a built-in model of that name. Built-in models: {string.Join(", ", known.DefaultIfEmpty("none"))}.");
    }
}
