using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowKit.Specs.Running;

/// <summary>Statements of a program, as a page shows them.</summary>
internal static class Snippet
{
    private const string Around = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading; using System.Threading.Tasks; using FlowKit; using FlowKit.Client; using FlowKit.Clip; using FlowKit.Executors; using FlowKit.Imaging; using FlowKit.TestKit;
        internal static class Program
        {
            private static async Task Main()
            {
        #line 1
                STATEMENTS
                await Task.CompletedTask;
            }
        }
        """;

    /// <summary>What the compiler says about them; nothing when all is well.</summary>
    public static IReadOnlyList<string> Compile(string statements)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var tree = CSharpSyntaxTree.ParseText(Around.Replace("STATEMENTS", statements, StringComparison.Ordinal));
        var compilation = CSharpCompilation.Create("snippet", [tree], references, new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString())];
    }
}
