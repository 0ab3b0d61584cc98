using FlowKit.Configuration.Hub;

namespace FlowKit.Configuration.Executors;

/// <summary>Describes what an executor's <c>uses</c> refers to.</summary>
/// <param name="Origin">Where the code comes from.</param>
/// <param name="Target">A name, a path, a package with its version, or a hub's name.</param>
/// <param name="Class">The executor in it, after <c>#</c>; <see langword="null"/> when it holds only one.</param>
internal sealed record UsesReference(UsesOrigin Origin, string Target, string? Class = null)
{
    public const string PackageScheme = "nuget://";

    private static readonly string[] s_projects = [".csproj", ".fsproj", ".vbproj"];

    /// <summary>Tells whether it is a path, which starts in the folder of the file that writes it.</summary>
    public bool IsPath => Origin is UsesOrigin.Source or UsesOrigin.Project or UsesOrigin.Assembly;

    /// <param name="uses">What is written.</param>
    public static UsesReference Parse(string uses)
    {
        var text = uses.Trim();
        if (HubName.IsHub(text))
        {
            return new UsesReference(UsesOrigin.Hub, text);
        }

        var hash = text.LastIndexOf('#');
        var (target, type) = hash > 0 && hash < text.Length - 1 ? (text[..hash], text[(hash + 1)..]) : (text, null);
        if (target.StartsWith(PackageScheme, StringComparison.OrdinalIgnoreCase))
        {
            return new UsesReference(UsesOrigin.Package, target[PackageScheme.Length..], type);
        }

        // What has another scheme, as an image has, is no path either.
        if (target.Contains("://", StringComparison.Ordinal))
        {
            return new UsesReference(UsesOrigin.Name, text);
        }

        if (EndsWith(target, ".cs"))
        {
            return new UsesReference(UsesOrigin.Source, target, type);
        }

        if (EndsWith(target, ".dll"))
        {
            return new UsesReference(UsesOrigin.Assembly, target, type);
        }

        if (s_projects.Any(ending => EndsWith(target, ending)) || IsFolder(target))
        {
            return new UsesReference(UsesOrigin.Project, target, type);
        }

        return new UsesReference(UsesOrigin.Name, text);
    }

    private static bool EndsWith(string text, string ending) => text.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>No class has a slash in its name.</summary>
    private static bool IsFolder(string target) => target is "." or ".." || target.AsSpan().ContainsAny('/', '\\');
}
