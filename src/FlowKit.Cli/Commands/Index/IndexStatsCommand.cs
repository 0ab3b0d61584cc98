using System.CommandLine;
using System.Globalization;
using FlowKit.Executors;
using FlowKit.VectorStores;

namespace FlowKit.Cli.Commands.Index;

/// <summary><c>flowkit index stats FOLDER</c>.</summary>
internal static class IndexStatsCommand
{
    private const string Description = """
        Shows how much of which kind is in an index.

        Example:
          flowkit index stats workspace/indexer/0
        """;

    public static Command Create()
    {
        var folder = IndexCommand.Folder();
        var command = new Command("stats", Description) { folder };
        command.SetAction(async (result, cancellationToken) =>
        {
            var path = result.GetRequiredValue(folder);
            await using var store = IndexFolder.Open(path);
            Print(await store.GetStatusAsync(cancellationToken), IndexFolder.SizeOf(path), IndexFolder.MapPrecisionOf(path));
            return 0;
        });
        return command;
    }

    private static void Print(VectorStoreStatus status, long bytes, string? map)
    {
        var perDocument = status.Count == 0 ? 0 : bytes / status.Count;
        var model = status.Stamp is { Model.Length: > 0 } stamp ? stamp.Model : "(not named)";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"documents  {status.Count}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"dimension  {status.Stamp?.Dimension ?? 0}"));
        Console.WriteLine($"model      {model}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bytes      {bytes} ({perDocument} a document)"));
        Console.WriteLine($"map        {map ?? "(none)"}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"damaged    {status.Damaged.Count}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"lost       {status.Lost}"));
    }
}
