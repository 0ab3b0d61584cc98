using System.CommandLine;
using FlowKit.Cli.Commands.Index.Transfer;
using FlowKit.Executors;
using FlowKit.VectorStores;
using FlowKit.VectorStores.Transfer;

namespace FlowKit.Cli.Commands.Index;

/// <summary><c>flowkit index export FOLDER FILE</c>.</summary>
internal static class IndexExportCommand
{
    private const string Description = """
        Writes all documents with their embeddings, as 'import' reads them. The file's name says how: lines of JSON, which have all fields
        of a document; .parquet, with id, text, uri, mime_type, tags, embedding_model and embedding; .npy, vectors alone with ids beside
        them.

        Example:
          flowkit index export workspace/indexer/0 photos.jsonl
          flowkit index export workspace/indexer/0 photos.parquet
          flowkit index export workspace/indexer/0 vectors.npy --ids ids.txt
        """;

    public static Command Create()
    {
        var folder = IndexCommand.Folder();
        var file = new Argument<string>("FILE")
        {
            Description = "The file that is written; one that is there is replaced. - is the terminal.",
        };
        var ids = new Option<string?>("--ids") { Description = "The file for the ids of .npy, a line each." };
        var command = new Command("export", Description) { folder, file, ids };
        command.SetAction(async (result, cancellationToken) =>
        {
            var (path, idPath) = (result.GetRequiredValue(file), result.GetValue(ids));
            var format = IndexFormats.Of(path);
            IndexFormats.ThrowIfUnused(format == IndexFormat.Npy, idPath, "--ids", path);
            await using var store = IndexFolder.Open(result.GetRequiredValue(folder));
            await using var output = path == "-" ? Console.OpenStandardOutput() : File.Create(path, 1 << 20);
            var count = format switch
            {
                IndexFormat.Npy => await ExportNpyAsync(store, output, idPath, cancellationToken),
                IndexFormat.Parquet => await ParquetExport.RunAsync(store, output, cancellationToken),
                _ => await VectorStoreTransfer.ExportAsync(store, output, cancellationToken),
            };
            await Console.Error.WriteLineAsync($"{count} documents are written.");
            return 0;
        });
        return command;
    }

    private static async Task<long> ExportNpyAsync(
        IVectorStore store, Stream output, string? idPath, CancellationToken cancellationToken)
    {
        await using var ids = idPath is null ? Stream.Null : File.Create(idPath, 1 << 20);
        return await NpyTransfer.ExportAsync(store, output, ids, cancellationToken);
    }
}
