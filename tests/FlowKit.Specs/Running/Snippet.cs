using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowKit.Specs.Running;

/// <summary>Statements of a program, as a page shows them.</summary>
internal static class Snippet
{
    private const string Around = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading; using System.Threading.Tasks; using FlowKit; using FlowKit.Client; using FlowKit.Clip; using FlowKit.Clip.Search; using FlowKit.Executors; using FlowKit.Imaging; using FlowKit.TestKit; using FlowKit.Hosting; using Microsoft.AspNetCore.Builder; using Microsoft.Extensions.DependencyInjection;
        internal static class Program
        {
            private static async Task Main(string[] args)
            {
        #line 1
                STATEMENTS
                await Task.CompletedTask;
            }
        }
        """;

    /// <summary>What a whole program starts with that has no project file around it here.</summary>
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks; global using Microsoft.AspNetCore.Builder; global using Microsoft.AspNetCore.Http; global using Microsoft.Extensions.DependencyInjection;";

    /// <summary>What the compiler says about statements, or about a whole program, whose first line is a comment with its path; nothing when all is well.</summary>
    public static IReadOnlyList<string> Compile(string statements)
    {
        var isProgram = statements.StartsWith("// ", StringComparison.Ordinal);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        SyntaxTree[] trees = isProgram
            ? [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(statements)]
            : [CSharpSyntaxTree.ParseText(Around.Replace("STATEMENTS", statements, StringComparison.Ordinal))];
        var compilation = CSharpCompilation.Create("snippet", trees, references, new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString())];
    }
}
