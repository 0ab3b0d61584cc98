using System.Runtime.CompilerServices;

namespace FlowKit.Fuzz;

/// <summary>The folders of the checkout that this program was built from.</summary>
internal static class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = Find();

    /// <summary>The corpus of a target.</summary>
    /// <param name="target">The target's name.</param>
    public static string Corpus(string target) => Path.Combine(Root, "tests", "corpus", target);

    /// <summary>The inputs of a target that once were wrong, and must never be again.</summary>
    /// <param name="target">The target's name.</param>
    public static string Crashes(string target) => Path.Combine(Corpus(target), "crashes");

    /// <summary>The inputs of a target, those that once were wrong included.</summary>
    /// <param name="target">The target's name.</param>
    public static IReadOnlyList<string> Files(string target) => Directory.Exists(Corpus(target))
        ? [.. Directory.EnumerateFiles(Corpus(target), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [];

    private static string Find([CallerFilePath] string source = "")
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(source)! })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "FlowKit.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new DirectoryNotFoundException("FlowKit.sln is neither above this program nor above its source.");
    }
}
