using System.Reflection;
using System.Runtime.Loader;
using FlowKit.Configuration;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace FlowKit.Components;

/// <summary>Compiles one C# file to an executor: <c>uses: ./upper.cs</c>.</summary>
internal static class SourceExecutorLoader
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Threading; global using System.Threading.Tasks; global using FlowKit;
        """;

    /// <exception cref="FlowConfigException">The file is missing, does not compile (with the compiler's own messages), or holds not exactly one executor.</exception>
    public static ExecutorDescriptor Load(ExecutorConfig config, string path)
    {
        if (!File.Exists(path))
        {
            throw Refuse(config, $"the file '{path}' does not exist");
        }

        var text = ReadText(config, path);
        var assembly = Compile(text, path, out var comments);
        var types = assembly.GetExportedTypes().Where(ComponentCatalog.IsExecutor).ToList();
        return types is [var only]
            ? new ExecutorDescriptor(only) { SourceText = text, Comments = comments }
            : throw Refuse(config, $"'{path}' holds {types.Count} public executors; a file brings exactly one class derived from Executor");
    }

    private static Assembly Compile(string text, string path, out DocumentationComments comments)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Parse);
        var trees = new[]
        {
            CSharpSyntaxTree.ParseText(ImplicitUsings, options, "ImplicitUsings.cs", System.Text.Encoding.UTF8),
            CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), options, path),
        };
        var compilation = CSharpCompilation.Create(
            $"{Path.GetFileNameWithoutExtension(path)}-{Guid.NewGuid():N}",
            trees,
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        using var lines = new MemoryStream();
        using var documentation = new MemoryStream();
        var result = compilation.Emit(image, lines, documentation, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        if (!result.Success)
        {
            throw new FlowConfigException([.. result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(ToError)]);
        }

        image.Position = 0;
        lines.Position = 0;
        documentation.Position = 0;
        comments = DocumentationComments.Read(documentation);
        return AssemblyLoadContext.Default.LoadFromStream(image, lines);
    }

    private static string ReadText(ExecutorConfig config, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refuse(config, $"the file '{path}' cannot be read: {exception.Message}");
        }
    }

    private static IEnumerable<MetadataReference> References() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(path => MetadataReference.CreateFromFile(path));

    private static ConfigError ToError(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.GetLineSpan();
        var place = new SourcePlace(span.Path, span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1);
        return new ConfigError(place, diagnostic.Id, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static FlowConfigException Refuse(ExecutorConfig config, string message) => new([new ConfigError(config.UsesPlace, "uses", message)]);
}
