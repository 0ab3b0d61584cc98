using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.House;

/// <summary>One type a file, besides those nested in it.</summary>
internal sealed class TypesPerFile : IMeasure
{
    public string Name => "types a file";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var beyond = files
            .Select(file => (file.Path, Types: file.Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax).OfType<MemberDeclarationSyntax>()
                .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && !member.Modifiers.Any(SyntaxKind.FileKeyword)).Count()))
            .Where(file => file.Types > 1)
            .Select(file => $"{file.Path}: {file.Types} types")
            .ToList();
        return new Measurement($"{beyond.Count} files with more than one", beyond);
    }
}
