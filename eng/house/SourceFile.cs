using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowKit.House;

/// <summary>A source file, parsed.</summary>
/// <param name="Path">Its path from the root, with slashes.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Root">Its syntax.</param>
internal sealed record SourceFile(string Path, string[] Lines, SyntaxNode Root)
{
    /// <summary>The folder of its project, such as <c>src/FlowKit.Core</c>.</summary>
    public string Project => string.Join('/', Path.Split('/').Take(2));

    /// <summary>Reads every source that a person wrote.</summary>
    public static IReadOnlyList<SourceFile> ReadAll(string root, params IEnumerable<string> folders) =>
    [
        .. folders
            .SelectMany(folder => Directory.EnumerateFiles(System.IO.Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => (Full: path, Short: System.IO.Path.GetRelativePath(root, path).Replace('\\', '/')))
            .Where(path => !path.Short.Split('/').Any(part => part is "bin" or "obj"))
            .OrderBy(path => path.Short, StringComparer.Ordinal)
            .Select(path => Read(path.Full, path.Short)),
    ];

    /// <summary>The place of a node, as editors take it.</summary>
    public string PlaceOf(SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    /// <summary>How many lines a node has, without the comments before it.</summary>
    public static int LinesOf(SyntaxNode node)
    {
        var span = node.SyntaxTree.GetLineSpan(node.Span);
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static SourceFile Read(string path, string name)
    {
        var text = File.ReadAllText(path);
        return new SourceFile(name, text.TrimEnd('\n').Split('\n'), CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), name).GetRoot());
    }
}
