using System.CommandLine;
using FlowKit.Graph;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit check FLOW</c>: every mistake, without starting anything.</summary>
internal static class CheckCommand
{
    private const string Description = """
        Checks a flow and prints every mistake as file:line:column, without starting it.

        Examples:
          flowkit check flows/image-search/flow.yml
          flowkit check flow.yml --context model=./vit-b-32
        """;

    public static Command Create()
    {
        var command = new Command("check", Description);
        var options = new FlowOptions(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var config = FlowCheck.Run(options.PathOf(result), options.ReadOptions(result));
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
