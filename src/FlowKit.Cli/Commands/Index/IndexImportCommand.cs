using System.CommandLine;
using FlowKit.Executors;
using FlowKit.VectorStores;

namespace FlowKit.Cli.Commands.Index;

/// <summary><c>flowkit index import FOLDER FILE</c>.</summary>
internal static class IndexImportCommand
{
    private const string Description = """
        Adds documents from lines of JSON, replacing those with the same id. An index that is not there is begun.

        Example:
          flowkit index import workspace/indexer/0 photos.jsonl
        """;

    public static Command Create()
    {
        var folder = IndexCommand.Folder();
        var file = new Argument<string>("FILE") { Description = "The file that is read; - is the standard input." };
        var command = new Command("import", Description) { folder, file };
        command.SetAction(async (result, cancellationToken) =>
        {
            var path = result.GetRequiredValue(file);
            await using var input = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            await using var store = IndexFolder.Open(result.GetRequiredValue(folder), mustExist: false);
            Console.WriteLine($"{await VectorStoreTransfer.ImportAsync(store, input, cancellationToken)} documents are added.");
            return 0;
        });
        return command;
    }
}
