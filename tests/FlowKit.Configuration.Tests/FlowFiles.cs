using System.Runtime.CompilerServices;

namespace FlowKit.Configuration;

/// <summary>Finds the flows under tests/testdata.</summary>
internal static class FlowFiles
{
    private static readonly string Root = FindRoot();

    public static string Valid(string name) => Path.Combine(Root, "valid", name);

    /// <summary>A page of the documentation.</summary>
    public static string Page(string name) => Path.GetFullPath(Path.Combine(Root, "..", "..", "..", "docs", name));

    public static string[] All(string kind) => Directory.GetFiles(Path.Combine(Root, kind), "*.yml").Order(StringComparer.Ordinal).ToArray();

    /// <summary>Looks above the program, then above this source file, since build output may lie outside the checkout.</summary>
    private static string FindRoot([CallerFilePath] string source = "")
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(source)! })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "FlowKit.sln")))
                {
                    return Path.Combine(folder.FullName, "tests", "testdata", "flows");
                }
            }
        }

        throw new DirectoryNotFoundException("FlowKit.sln is neither above the tests' output nor above their source.");
    }
}
