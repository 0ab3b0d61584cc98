using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.House;

/// <summary>No two projects have a public type of one name in one namespace, and no type has a word that says nothing.</summary>
internal sealed class TypeNames : IMeasure
{
    private static readonly string[] s_empty = ["Manager", "Helper", "Helpers", "Util", "Utils", "Processor"];

    // System.Buffers.MemoryManager<T> is the name of the base class library: what derives from it is known by it.
    private const string MemoryManager = "MemoryManager";

    public string Name => "names of types";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var types = files.SelectMany(file => file.Root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Select(type => (File: file, Type: type))).ToList();
        var twice = types
            .Where(each => each.Type.Modifiers.Any(SyntaxKind.PublicKeyword) && each.Type.Parent is BaseNamespaceDeclarationSyntax)
            .GroupBy(each => $"{((BaseNamespaceDeclarationSyntax)each.Type.Parent!).Name}.{each.Type.Identifier.Text}")
            .Where(group => group.Select(each => each.File.Project).Distinct().Count() > 1)
            .Select(group => $"{group.Key} is in {string.Join(" and ", group.Select(each => each.File.Path))}");
        var empty = types
            .Where(each => !each.Type.Identifier.Text.EndsWith(MemoryManager, StringComparison.Ordinal))
            .Where(each => s_empty.Any(word => each.Type.Identifier.Text.EndsWith(word, StringComparison.Ordinal)))
            .Select(each => $"{each.File.PlaceOf(each.Type)}: {each.Type.Identifier.Text}");
        List<string> beyond = [.. twice, .. empty];
        return new Measurement($"{types.Count} types, {beyond.Count} of one name or of none", beyond);
    }
}
