namespace FlowKit.Clip.Models;

/// <summary>The folder in which pulled models lie, one folder each, named after the registry's names.</summary>
public sealed class ClipModelStore
{
    /// <summary>The environment variable that says where it is.</summary>
    public const string Variable = "FLOWKIT_MODELS";

    /// <summary>Uses a folder; it need not exist yet.</summary>
    /// <param name="root">The folder.</param>
    public ClipModelStore(string root) => Root = Path.GetFullPath(root);

    /// <summary>The store of this user: the folder in <see cref="Variable"/>, or else <c>.flowkit/models</c> at home.</summary>
    public static ClipModelStore Default => new(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".flowkit", "models"));

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The models in it: their folders' names.</summary>
    public IReadOnlyList<string> Names => Directory.Exists(Root)
        ?
        [
            .. Directory.GetDirectories(Root)
                .Where(static folder => File.Exists(Path.Combine(folder, ClipModelFolder.CardFile)))
                .Select(static folder => Path.GetFileName(folder))
                .Order(StringComparer.Ordinal),
        ]
        : [];

    /// <summary>Returns the folder of a model, which need not exist.</summary>
    /// <param name="name">A name of the registry or an alias, or the name of a model that a user added.</param>
    /// <returns>The folder, or <see langword="null"/> where the name cannot be a folder's.</returns>
    public string? FolderOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var known = (ClipRegistry.Find(name)?.Name ?? name).Replace("::", "__", StringComparison.Ordinal).Replace('/', '_');
        var isName = known.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) < 0
            && known.Trim('.').Length > 0
            && !known.Contains('\\', StringComparison.Ordinal);
        return isName ? Path.Combine(Root, known) : null;
    }
}
