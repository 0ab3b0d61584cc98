using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.House;

/// <summary>
/// Namespaces equal folders, from the project's root namespace on. What executor authors see is one namespace, whatever folders it lies in, and
/// extension methods stand beside what they extend.
/// </summary>
/// <param name="root">The repository.</param>
internal sealed class Namespaces(string root) : IMeasure
{
    private static readonly HashSet<string> s_oneNamespace = new(StringComparer.Ordinal) { "src/FlowKit.Abstractions" };

    public string Name => "namespaces";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var roots = files.Select(file => file.Project).Distinct(StringComparer.Ordinal).ToDictionary(project => project, RootOf, StringComparer.Ordinal);
        var beyond = files
            .Select(file => (File: file, Declared: file.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString(), Expected: ExpectedOf(file, roots[file.Project])))
            .Where(each => each.Declared is not null && each.Declared != each.Expected && !ExtendsElsewhere(each.File, each.Declared))
            .Select(each => $"{each.File.Path}: {each.Declared} instead of {each.Expected}")
            .ToList();
        return new Measurement($"{beyond.Count} that differ from their folders", beyond);
    }

    private static string ExpectedOf(SourceFile file, string rootNamespace)
    {
        var folders = s_oneNamespace.Contains(file.Project) ? [] : file.Path.Split('/')[2..^1];
        return string.Join('.', folders.Prepend(rootNamespace));
    }

    private static bool ExtendsElsewhere(SourceFile file, string declared) =>
        file.Path.EndsWith("Extensions.cs", StringComparison.Ordinal) && declared.StartsWith("Microsoft.", StringComparison.Ordinal);

    private string RootOf(string project)
    {
        var path = Directory.EnumerateFiles(Path.Combine(root, project), "*.csproj").First();
        var shared = Path.Combine(root, project, "..", "Directory.Build.props");
        return ReadRoot(path) ?? (File.Exists(shared) ? ReadRoot(shared) : null) ?? Path.GetFileNameWithoutExtension(path);
    }

    private static string? ReadRoot(string path) => XDocument.Load(path).Descendants("RootNamespace").FirstOrDefault()?.Value;
}
