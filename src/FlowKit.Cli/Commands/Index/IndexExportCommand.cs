using System.CommandLine;
using FlowKit.Executors;
using FlowKit.VectorStores;

namespace FlowKit.Cli.Commands.Index;

/// <summary><c>flowkit index export FOLDER FILE</c>.</summary>
internal static class IndexExportCommand
{
    private const string Description = """
        Writes all documents with their embeddings as lines of JSON, as 'import' and /index read them.

        Example:
          flowkit index export workspace/indexer/0 photos.jsonl
        """;

    public static Command Create()
    {
        var folder = IndexCommand.Folder();
        var file = new Argument<string>("FILE")
        {
            Description = "The file that is written; one that is there is replaced. - is the terminal.",
        };
        var command = new Command("export", Description) { folder, file };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var store = IndexFolder.Open(result.GetRequiredValue(folder));
            var path = result.GetRequiredValue(file);
            await using var output = path == "-" ? Console.OpenStandardOutput() : File.Create(path, 1 << 20);
            var count = await VectorStoreTransfer.ExportAsync(store, output, cancellationToken);
            await Console.Error.WriteLineAsync($"{count} documents are written.");
            return 0;
        });
        return command;
    }
}
