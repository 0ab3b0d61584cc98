using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace FlowKit.Components;

/// <summary>The summaries of an assembly's documentation comments, as the compiler writes them beside it.</summary>
public sealed partial class DocumentationComments
{
    private readonly Dictionary<string, string> _summaries = new(StringComparer.Ordinal);

    private DocumentationComments()
    {
    }

    /// <summary>Reads the file beside an assembly; there are no comments when it is not there or is damaged.</summary>
    /// <param name="assembly">The assembly.</param>
    public static DocumentationComments Beside(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return Beside(assembly.Location);
    }

    /// <summary>Reads the file beside an assembly; there are no comments when it is not there or is damaged.</summary>
    /// <param name="assemblyPath">Where the assembly is; empty for nowhere.</param>
    public static DocumentationComments Beside(string assemblyPath)
    {
        ArgumentNullException.ThrowIfNull(assemblyPath);
        var path = assemblyPath.Length > 0 ? Path.ChangeExtension(assemblyPath, ".xml") : "";
        try
        {
            using var file = File.Exists(path) ? File.OpenRead(path) : Stream.Null;
            return Read(file);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            return new DocumentationComments();
        }
    }

    /// <summary>Reads the compiler's XML.</summary>
    /// <param name="xml">The XML; nothing when it is empty or damaged.</param>
    public static DocumentationComments Read(Stream xml)
    {
        ArgumentNullException.ThrowIfNull(xml);
        var comments = new DocumentationComments();
        try
        {
            using var reader = XmlReader.Create(xml, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            foreach (var member in XDocument.Load(reader).Descendants("member"))
            {
                if (member.Attribute("name")?.Value is { } name && member.Element("summary") is { } summary)
                {
                    comments._summaries[name] = Plain(summary);
                }
            }
        }
        catch (XmlException)
        {
            // Comments are for people; without them the rest is as good.
        }

        return comments;
    }

    /// <summary>Tells what is said of a method, a property or a type; <see langword="null"/> when nothing is.</summary>
    /// <param name="member">The member.</param>
    public string? Of(MemberInfo member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return member switch
        {
            Type type => _summaries.GetValueOrDefault($"T:{NameOf(type)}"),
            MethodInfo method => OfMethod($"M:{NameOf(method.DeclaringType!)}.{method.Name}"),
            _ => _summaries.GetValueOrDefault($"P:{NameOf(member.DeclaringType!)}.{member.Name}"),
        };
    }

    /// <summary>Methods with <c>[Requests]</c> are seldom overloaded, so their parameters are not compared.</summary>
    private string? OfMethod(string name) =>
        _summaries.GetValueOrDefault(name)
            ?? _summaries.FirstOrDefault(pair => pair.Key.StartsWith(name + "(", StringComparison.Ordinal)).Value;

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    /// <summary>The text, with the last part of what it refers to.</summary>
    private static string Plain(XElement summary)
    {
        foreach (var reference in summary.Descendants().Where(element => element.IsEmpty).ToList())
        {
            var name = reference.Attribute("cref")?.Value
                ?? reference.Attribute("name")?.Value
                ?? reference.Attribute("langword")?.Value
                ?? "";
            reference.ReplaceWith(name.Split('.', ':')[^1]);
        }

        return Blanks().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
