using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.House;

/// <summary>Methods: median 9 lines, nine in ten 30, none over 60.</summary>
internal sealed class MethodSizes : IMeasure
{
    private const int Max = 60;

    public string Name => "lines a method";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var methods = files
            .SelectMany(file => file.Root.DescendantNodes().Where(HasBody).Select(method => (File: file, Method: method, Lines: SourceFile.LinesOf(method))))
            .ToList();
        return Measurement.Of(
            [.. methods.Select(method => method.Lines)],
            9,
            30,
            Max,
            methods.Where(method => method.Lines > Max).Select(method => $"{method.File.PlaceOf(method.Method)}: {method.Lines} lines"));
    }

    private static bool HasBody(SyntaxNode node) => node is BaseMethodDeclarationSyntax { Body: not null } or BaseMethodDeclarationSyntax { ExpressionBody: not null }
        or AccessorDeclarationSyntax { Body: not null };
}
