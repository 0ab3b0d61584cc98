using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.House;

/// <summary>No conditional expression inside another's branch.</summary>
internal sealed class NestedTernaries : IMeasure
{
    public string Name => "nested ternaries";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var beyond = files
            .SelectMany(file => file.Root.DescendantNodes().OfType<ConditionalExpressionSyntax>().Where(IsOuter).Select(file.PlaceOf))
            .ToList();
        return new Measurement($"{beyond.Count}", beyond);
    }

    private static bool IsOuter(ConditionalExpressionSyntax ternary) =>
        ternary.Parent is not ConditionalExpressionSyntax && (Inner(ternary.WhenTrue) || Inner(ternary.WhenFalse));

    private static bool Inner(ExpressionSyntax branch) => branch is ConditionalExpressionSyntax or ParenthesizedExpressionSyntax { Expression: ConditionalExpressionSyntax };
}
