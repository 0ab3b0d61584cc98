namespace FlowKit.House;

/// <summary>
/// Tests lie in the folder of what they test: a folder with tests is a folder of the product, and <c>XTests.cs</c> lies where <c>X.cs</c>
/// does. Folders without tests hold what tests share.
/// </summary>
/// <param name="root">The repository.</param>
internal sealed class MirroredTests(string root) : IMeasure
{
    private const string Ending = "Tests.cs";

    public string Name => "mirrored tests";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var tests = Directory.EnumerateDirectories(Path.Combine(root, "tests"), "*.Tests")
            .SelectMany(project => Directory.EnumerateFiles(project, $"*{Ending}", SearchOption.AllDirectories).Select(path => new TestFile(project, path)))
            .Where(test => !test.Folder.Split('/').Any(part => part is "bin" or "obj" or "testdata"))
            .OrderBy(test => test.Path, StringComparer.Ordinal)
            .ToList();
        var folders = files.SelectMany(file => WithParents(FolderOf(file.Path))).ToHashSet(StringComparer.Ordinal);
        var classes = files.ToLookup(file => Path.GetFileNameWithoutExtension(file.Path), file => FolderOf(file.Path), StringComparer.Ordinal);
        List<string> beyond = [.. tests.Select(test => FaultOf(test, folders, classes)).OfType<string>()];
        return new Measurement($"{beyond.Count} of {tests.Count} that lie elsewhere than what they test", beyond);
    }

    private static string? FaultOf(TestFile test, HashSet<string> folders, ILookup<string, string> classes)
    {
        if (!folders.Contains(test.Product))
        {
            return $"{test.Path}: there is no folder {test.Product}";
        }

        var tested = classes[test.Class].Where(folder => folder == test.ProductProject || folder.StartsWith($"{test.ProductProject}/", StringComparison.Ordinal)).ToList();
        return tested.Count == 0 || tested.Contains(test.Product) ? null : $"{test.Path}: {test.Class} lies in {tested[0]}";
    }

    private static IEnumerable<string> WithParents(string folder)
    {
        for (var slash = folder.Length; slash > 0; slash = folder.LastIndexOf('/', slash - 1))
        {
            yield return folder[..slash];
        }
    }

    private static string FolderOf(string path) => path[..path.LastIndexOf('/')];

    /// <summary>A file of tests.</summary>
    /// <param name="Project">The folder of its project.</param>
    /// <param name="File">Its whole path.</param>
    private sealed record TestFile(string Project, string File)
    {
        private string ProjectName => System.IO.Path.GetFileName(Project);

        /// <summary>Its path from the root.</summary>
        public string Path => $"tests/{ProjectName}/{Folder}/{System.IO.Path.GetFileName(File)}".Replace("//", "/", StringComparison.Ordinal);

        /// <summary>Its folder in its project.</summary>
        public string Folder => System.IO.Path.GetRelativePath(Project, System.IO.Path.GetDirectoryName(File)!).Replace('\\', '/').TrimStart('.');

        /// <summary>The class that its name says it tests.</summary>
        public string Class => System.IO.Path.GetFileName(File)[..^Ending.Length];

        /// <summary>The folder of the product's project; the executors, of which each has a project of its own, are tested in one.</summary>
        public string ProductProject => ProjectName == "FlowKit.Executors.Tests" ? "executors" : $"src/{ProjectName[..^".Tests".Length]}";

        /// <summary>The folder of the product that it mirrors.</summary>
        public string Product => Folder.Length == 0 ? ProductProject : $"{ProductProject}/{Folder}";
    }
}
