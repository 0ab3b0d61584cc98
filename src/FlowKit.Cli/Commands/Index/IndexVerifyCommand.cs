using System.CommandLine;
using FlowKit.Executors;

namespace FlowKit.Cli.Commands.Index;

/// <summary><c>flowkit index verify FOLDER</c>.</summary>
internal static class IndexVerifyCommand
{
    private const string Description = """
        Checks every row of an index against its checksum, and names those that are damaged. Exit code 1 when there are any.

        Example:
          flowkit index verify workspace/indexer/0
        """;

    public static Command Create()
    {
        var folder = IndexCommand.Folder();
        var command = new Command("verify", Description) { folder };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var store = IndexFolder.Open(result.GetRequiredValue(folder));
            var status = await store.GetStatusAsync(cancellationToken);
            foreach (var name in status.Damaged)
            {
                Console.WriteLine($"damaged: {name}");
            }

            if (status.Lost > 0)
            {
                Console.WriteLine($"lost: {status.Lost} documents that were acknowledged are not there");
            }

            Console.WriteLine($"{status.Count} documents are as they were written.");
            return status.Damaged.Count > 0 || status.Lost > 0 ? 1 : 0;
        });
        return command;
    }
}
