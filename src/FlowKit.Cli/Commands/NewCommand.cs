using System.CommandLine;
using FlowKit.Cli.Scaffolding;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit new executor NAME</c> and <c>flowkit new flow NAME</c>.</summary>
internal static class NewCommand
{
    private const string Description = """
        Makes a new executor or a new flow, with a test, a README and a Dockerfile.

        Examples:
          flowkit new executor Shout
          flowkit new flow Words --output ~/flows
        """;

    public static Command Create() => new("new", Description)
    {
        Create("executor", "An executor: a project with one class."),
        Create("flow", "A flow of two executors, each one C# file."),
    };

    private static Command Create(string kind, string description)
    {
        var name = new Argument<string>("NAME") { Description = "Its name, and its folder's: letters and digits, such as Shout." };
        var output = new Option<string>("--output")
        {
            Description = "The folder that the new one is made in.",
            DefaultValueFactory = _ => ".",
        };
        name.Validators.Add(result =>
        {
            if (ScaffoldName.Explain(result.Tokens[0].Value) is { } message)
            {
                result.AddError($"NAME: {message}");
            }
        });
        var command = new Command(kind, $"{description}\n\nExample:\n  flowkit new {kind} Shout") { name, output };
        command.SetAction(async (result, cancellationToken) =>
        {
            var folder = TemplateFolder.Of(kind).Copy(result.GetRequiredValue(name), result.GetRequiredValue(output));
            var shown = Path.GetRelativePath(Directory.GetCurrentDirectory(), folder);
            await Console.Out.WriteLineAsync($"""
                {shown} is made. Next:
                  flowkit run {Path.Combine(shown, "flow.yml")}
                  flowkit post http://localhost:8080 --text hello
                  {TestCommand(Path.Combine(shown, "tests"))}
                """.AsMemory(), cancellationToken);
            return 0;
        });
        return command;
    }

    /// <summary>A program of a checkout is of a version that no feed has: the checkout makes its packages.</summary>
    private static string TestCommand(string tests)
    {
        var test = $"dotnet test {tests}";
        if (ProgramVersion.Checkout is not { } checkout)
        {
            return test;
        }

        var feed = Path.Combine(checkout, "artifacts", "packages");
        return $"{Path.Combine(checkout, "eng", "pack.sh")} && {test} -p:RestoreAdditionalProjectSources={feed}";
    }
}
