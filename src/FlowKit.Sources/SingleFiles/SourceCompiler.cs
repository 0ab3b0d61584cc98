using FlowKit.Configuration.Diagnostics;
using FlowKit.Sources.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Sources.SingleFiles;

/// <summary>Compiles one C# file without directives, in this process: all that it may reference is here.</summary>
internal static class SourceCompiler
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks; global using FlowKit;
        [assembly: System.Runtime.Versioning.TargetFramework(".NETCoreApp,Version=v{0}.0")]
        """;

    /// <summary>Writes the assembly, its line numbers and its comments into a folder.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file.</param>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FlowConfigException">It does not compile; the compiler's own messages.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Compile(string text, string path, string folder)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var output = Path.Combine(folder, $"{name}.dll");

        // Into memory: what the disk says is no mistake of the source's.
        using var image = new MemoryStream();
        using var lines = new MemoryStream();
        using var comments = new MemoryStream();
        var result = Prepare(text, path, name).Emit(
            image, lines, comments, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        ThrowIfAny(result.Diagnostics);

        File.WriteAllBytes(output, image.ToArray());
        File.WriteAllBytes(Path.ChangeExtension(output, ".pdb"), lines.ToArray());
        File.WriteAllBytes(Path.ChangeExtension(output, ".xml"), comments.ToArray());
    }

    /// <summary>Compiles a file without directives for its mistakes alone: nothing is written or loaded.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="FlowConfigException">It does not compile.</exception>
    public static void Check(string text, string path) =>
        ThrowIfAny(Prepare(text, path, Path.GetFileNameWithoutExtension(path)).GetDiagnostics());

    /// <summary>Reads a file whose directives name what is not known before a build: its syntax is all that can be wrong.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="FlowConfigException">It is no C#.</exception>
    public static void CheckSyntax(string text, string path)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest).WithFeatures([KeyValuePair.Create("FileBasedProgram", "true")]);
        ThrowIfAny(CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), options, path).GetDiagnostics());
    }

    private static void ThrowIfAny(IEnumerable<Diagnostic> diagnostics)
    {
        if (diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(ToError).ToList() is [_, ..] errors)
        {
            throw new FlowConfigException(errors);
        }
    }

    private static CSharpCompilation Prepare(string text, string path, string name)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Parse);
        var usings = ImplicitUsings.Replace("{0}", $"{Environment.Version.Major}", StringComparison.Ordinal);
        return CSharpCompilation.Create(
            name,
            [
                CSharpSyntaxTree.ParseText(usings, options, "ImplicitUsings.cs", System.Text.Encoding.UTF8),
                CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), options, path),
            ],
            SharedAssemblies.Paths.Select(reference => MetadataReference.CreateFromFile(reference)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable,
                deterministic: true));
    }

    private static ConfigError ToError(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.GetLineSpan();
        var place = new SourcePlace(span.Path, span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1);
        return new ConfigError(place, diagnostic.Id, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }
}
