using System.CommandLine;
using FlowKit.Graph;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit check FLOW</c>: every mistake, without starting anything.</summary>
internal static class CheckCommand
{
    private const string Description = """
        Checks a flow and prints every mistake as file:line:column, without starting it.

        Executors of the flow's own (a C# file, a project, an assembly, a package) are BUILT AND LOADED for this, and both run code that
        the flow brings. For the flow of a stranger, such as a pull request, use --no-build.

        Examples:
          flowkit check flows/image-search/flow.yml
          flowkit check flow.yml --context model=./vit-b-32
          flowkit check flow.yml --no-build
        """;

    public static Command Create()
    {
        var command = new Command("check", Description);
        var options = new FlowOptions(command);
        var noBuild = new Option<bool>("--no-build")
        {
            Description = "Runs none of the flow's code: nothing is restored, built or loaded, so that options and endpoints of its own "
                + "executors are not checked.",
        };
        command.Add(noBuild);
        command.SetAction(async (result, cancellationToken) =>
        {
            var config = FlowCheck.Run(options.PathOf(result), options.ReadOptions(result), builds: !result.GetValue(noBuild));
            foreach (var node in FlowGraphBuilder.Build(config).Nodes)
            {
                await Console.Out.WriteLineAsync(
                    $"{string.Join(" + ", node.Needs)} -> {node.Name} ({node.Config.Uses})".AsMemory(), cancellationToken);
            }

            await Console.Out.WriteLineAsync("ok".AsMemory(), cancellationToken);
            return 0;
        });
        return command;
    }
}
