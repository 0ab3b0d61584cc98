using System.CommandLine;

namespace FlowKit.Cli.Commands.Index;

/// <summary><c>flowkit index</c>: the index of a VectorIndexer while no flow has it open.</summary>
internal static class IndexCommand
{
    public static Command Create() => new("index", "The index of a VectorIndexer: stats, verify, compact, export, import.")
    {
        IndexStatsCommand.Create(),
        IndexVerifyCommand.Create(),
        IndexCompactCommand.Create(),
        IndexExportCommand.Create(),
        IndexImportCommand.Create(),
    };

    /// <summary>The argument that names the folder.</summary>
    public static Argument<string> Folder() => new("FOLDER") { Description = "The workspace of the executor, with its index.db." };
}
