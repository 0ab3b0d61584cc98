using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowKit.House;

/// <summary>A class with its partial declarations: at most 400 lines and 12 fields of state.</summary>
internal sealed class ClassSizes : IMeasure
{
    private const int MaxLines = 400;
    private const int MaxFields = 12;

    public string Name => "lines and fields a class";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var classes = files
            .SelectMany(file => file.Root.DescendantNodes().OfType<TypeDeclarationSyntax>().Select(type => (File: file, Type: type)))
            .GroupBy(each => (each.File.Project, Name: FullName(each.Type)))
            .Select(parts => (Place: parts.First().File.PlaceOf(parts.First().Type), parts.Key.Name, Lines: parts.Sum(part => SourceFile.LinesOf(part.Type)), Fields: parts.Sum(part => FieldsOf(part.Type))))
            .ToList();
        return new Measurement(
            $"largest {classes.Max(type => type.Lines)} lines (at most {MaxLines}), most fields {classes.Max(type => type.Fields)} ({MaxFields})",
            [.. classes.Where(type => type.Lines > MaxLines || type.Fields > MaxFields).Select(type => $"{type.Place}: {type.Name} has {type.Lines} lines and {type.Fields} fields")]);
    }

    /// <summary>The name of a type with those of the types around it.</summary>
    public static string FullName(BaseTypeDeclarationSyntax type) =>
        string.Join('.', type.AncestorsAndSelf().OfType<BaseTypeDeclarationSyntax>().Reverse().Select(each => each is TypeDeclarationSyntax { TypeParameterList.Parameters.Count: > 0 and var count } ? $"{each.Identifier.Text}`{count}" : each.Identifier.Text));

    /// <summary>State is what may change or is given: constants, statics and parameters of records, which are data, are left out.</summary>
    private static int FieldsOf(TypeDeclarationSyntax type)
    {
        var fields = type.Members.OfType<FieldDeclarationSyntax>()
            .Where(field => !field.Modifiers.Any(SyntaxKind.ConstKeyword) && !field.Modifiers.Any(SyntaxKind.StaticKeyword))
            .Sum(field => field.Declaration.Variables.Count);
        var parameters = type is ClassDeclarationSyntax or StructDeclarationSyntax ? type.ParameterList?.Parameters.Count ?? 0 : 0;
        return fields + parameters;
    }
}
