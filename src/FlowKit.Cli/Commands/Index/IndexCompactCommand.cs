using System.CommandLine;
using FlowKit.Executors;

namespace FlowKit.Cli.Commands.Index;

/// <summary><c>flowkit index compact FOLDER</c>.</summary>
internal static class IndexCompactCommand
{
    private const string Description = """
        Removes damaged rows for good, and gives the room of removed documents back to the disk.

        Example:
          flowkit index compact workspace/indexer/0
        """;

    public static Command Create()
    {
        var folder = IndexCommand.Folder();
        var command = new Command("compact", Description) { folder };
        command.SetAction(result =>
        {
            var path = result.GetRequiredValue(folder);
            var removed = IndexFolder.Compact(path);
            Console.WriteLine($"{removed} damaged rows are removed; the index takes {IndexFolder.SizeOf(path)} bytes.");
            return 0;
        });
        return command;
    }
}
