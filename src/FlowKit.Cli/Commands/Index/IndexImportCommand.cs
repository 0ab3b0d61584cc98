using System.CommandLine;
using FlowKit.Cli.Commands.Index.Transfer;
using FlowKit.Executors;
using FlowKit.VectorStores;
using FlowKit.VectorStores.Transfer;

namespace FlowKit.Cli.Commands.Index;

/// <summary><c>flowkit index import FOLDER FILE</c>.</summary>
internal static class IndexImportCommand
{
    private const string Description = """
        Adds documents, replacing those with the same id. An index that is not there is begun. The file's name says how it is read: lines of
        JSON; .parquet, of which the columns id and embedding are needed and others become tags; .npy, rows of <f2, <f4 or <f8, with ids
        beside them: lines of text or .npy of whole numbers or texts; without them, rows have their numbers.

        Example:
          flowkit index import workspace/indexer/0 photos.jsonl
          flowkit index import workspace/indexer/0 photos.parquet
          flowkit index import workspace/indexer/0 vectors.npy --ids ids.txt --model openai/clip-vit-base-patch32
        """;

    public static Command Create()
    {
        var folder = IndexCommand.Folder();
        var file = new Argument<string>("FILE") { Description = "The file that is read; - is the standard input, with lines of JSON." };
        var ids = new Option<string?>("--ids") { Description = "The file of ids beside .npy." };
        var model = new Option<string?>("--model") { Description = "The model that made the vectors of .npy and .parquet." };
        var command = new Command("import", Description) { folder, file, ids, model };
        command.SetAction(async (result, cancellationToken) =>
        {
            var (path, idPath, modelName) = (result.GetRequiredValue(file), result.GetValue(ids), result.GetValue(model));
            var format = IndexFormats.Of(path);
            IndexFormats.ThrowIfUnused(format == IndexFormat.Npy, idPath, "--ids", path);
            IndexFormats.ThrowIfUnused(format != IndexFormat.JsonLines, modelName, "--model", path);
            await using var input = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            await using var store = IndexFolder.Open(result.GetRequiredValue(folder), mustExist: false);
            var count = format switch
            {
                IndexFormat.Npy => await ImportNpyAsync(store, input, path, idPath, modelName, cancellationToken),
                IndexFormat.Parquet => await ImportParquetAsync(store, input, path, modelName, cancellationToken),
                _ => await VectorStoreTransfer.ImportAsync(store, input, cancellationToken),
            };
            Console.WriteLine($"{count} documents are added.");
            return 0;
        });
        return command;
    }

    private static async Task<long> ImportNpyAsync(
        IVectorStore store, Stream input, string path, string? idPath, string? model, CancellationToken cancellationToken)
    {
        IReadOnlyList<string>? names = null;
        if (idPath is not null)
        {
            await using var ids = File.OpenRead(idPath);
            names = await NpyTransfer.ReadIdsAsync(ids, Path.GetFileName(idPath), cancellationToken);
        }

        return await NpyTransfer.ImportAsync(store, input, Path.GetFileName(path), names, model, cancellationToken);
    }

    private static async Task<long> ImportParquetAsync(
        IVectorStore store, Stream input, string path, string? model, CancellationToken cancellationToken)
    {
        var import = new ParquetImport(Path.GetFileName(path), model);
        var count = await import.RunAsync(store, input, cancellationToken);
        if (import.PassedOver.Count > 0)
        {
            var columns = string.Join(", ", import.PassedOver);
            await Console.Error.WriteLineAsync($"Columns that are no plain values are passed over: {columns}.");
        }

        return count;
    }
}
