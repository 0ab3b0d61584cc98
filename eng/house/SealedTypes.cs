using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.House;

/// <summary>Classes are sealed, static or abstract, unless a member is virtual or another class derives from them.</summary>
internal sealed class SealedTypes : IMeasure
{
    public string Name => "open classes";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var bases = files
            .SelectMany(file => file.Root.DescendantNodes().OfType<BaseListSyntax>().SelectMany(list => list.Types))
            .Select(type => type.Type.ToString().Split('<')[0].Split('.')[^1])
            .ToHashSet(StringComparer.Ordinal);
        var beyond = files
            .SelectMany(file => file.Root.DescendantNodes().OfType<TypeDeclarationSyntax>()
                .Where(type => type is ClassDeclarationSyntax or RecordDeclarationSyntax { ClassOrStructKeyword.RawKind: not (int)SyntaxKind.StructKeyword })
                .GroupBy(ClassSizes.FullName, StringComparer.Ordinal)
                .Where(parts => !parts.Any(IsClosed) && !parts.Any(IsForInheritance) && !bases.Contains(parts.First().Identifier.Text))
                .Select(parts => $"{file.PlaceOf(parts.First())}: {parts.Key}"))
            .ToList();
        return new Measurement($"{beyond.Count} that nothing derives from", beyond);
    }

    private static bool IsClosed(TypeDeclarationSyntax type) =>
        type.Modifiers.Any(SyntaxKind.SealedKeyword) || type.Modifiers.Any(SyntaxKind.StaticKeyword) || type.Modifiers.Any(SyntaxKind.AbstractKeyword);

    private static bool IsForInheritance(TypeDeclarationSyntax type) => type.Members.Any(member => member.Modifiers.Any(SyntaxKind.VirtualKeyword) || member.Modifiers.Any(SyntaxKind.ProtectedKeyword));
}
