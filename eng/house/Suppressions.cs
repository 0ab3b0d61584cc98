using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.House;

/// <summary>Less than one suppressed warning in a thousand lines.</summary>
internal sealed class Suppressions : IMeasure
{
    public string Name => "suppressions";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var places = files.SelectMany(file => file.Root.DescendantNodes(descendIntoTrivia: true)
            .Where(node => node is PragmaWarningDirectiveTriviaSyntax { DisableOrRestoreKeyword.RawKind: (int)SyntaxKind.DisableKeyword }
                || node is AttributeSyntax attribute && attribute.Name.ToString().EndsWith("SuppressMessage", StringComparison.Ordinal))
            .Select(file.PlaceOf)).ToList();
        var lines = files.Sum(file => file.Lines.Length);
        return new Measurement($"{places.Count} in {lines} lines", places.Count * 1000 < lines ? [] : places);
    }
}
