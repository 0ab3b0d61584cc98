using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowKit.Specs.Running;

/// <summary>Programs as a page shows them, whole with their usings, so that a reader can paste them.</summary>
internal static class Snippet
{
    /// <summary>What a project brings to each of its files by itself: those of a console program, and those of a web program.</summary>
    private static readonly string[] s_console =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] s_web =
    [
        .. s_console, "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    /// <summary>What the compiler says about a program as it stands: statements, or a file whose first line is a comment with its path.</summary>
    /// <returns>Nothing when all is well.</returns>
    public static IReadOnlyList<string> Compile(string code)
    {
        var usings = code.Contains("WebApplication", StringComparison.Ordinal) ? s_web : s_console;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "snippet",
            [CSharpSyntaxTree.ParseText(string.Concat(usings.Select(name => $"global using {name}; "))), CSharpSyntaxTree.ParseText(code)],
            references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        return
        [
            .. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString()),
        ];
    }
}
