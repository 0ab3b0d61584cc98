using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Flow;

/// <summary>A YAML file that is being read, and the one that led to it.</summary>
/// <param name="Shown">Its name in messages, which never holds the value of a variable.</param>
/// <param name="FullPath">Where it is; empty for a text that came from no file.</param>
/// <param name="Folder">The absolute folder from which its relative paths start.</param>
/// <param name="Outer">The file that names it; <see langword="null"/> for the flow itself.</param>
internal sealed record ConfigFile(string Shown, string FullPath, string Folder, ConfigFile? Outer = null)
{
    private string _drawn = "";

    /// <summary>The number of files that lead to it.</summary>
    public int Depth => Outer is null ? 0 : Outer.Depth + 1;

    /// <summary>The files that lead to it and itself, by their paths from the flow's folder: <c>flow.yml → parts/images.yml</c>.</summary>
    public string Road => Outer is null ? Path.GetFileName(Shown) : $"{Outer.Road} → {_drawn}";

    private string FlowFolder => Outer is null ? Folder : Outer.FlowFolder;

    /// <summary>Tells whether it is, or was reached through, the file at a path.</summary>
    public bool ComesFrom(string fullPath) => FullPath == fullPath || (Outer?.ComesFrom(fullPath) ?? false);

    /// <summary>A file that it names.</summary>
    public ConfigFile Inner(YamlScalar name, string fullPath) =>
        new(Path.Combine(Path.GetDirectoryName(Shown) ?? "", name.Written), fullPath, Path.GetDirectoryName(fullPath) ?? "", this)
        {
            _drawn = name.Form == ScalarForm.Substituted || fullPath.Length == 0
                ? name.Written
                : Path.GetRelativePath(FlowFolder, fullPath),
        };
}
