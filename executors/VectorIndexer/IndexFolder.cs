using FlowKit.Executors.Mapped;
using FlowKit.Executors.Storage;
using FlowKit.VectorStores;

namespace FlowKit.Executors;

/// <summary>The index in a folder, outside a flow: one process has it open at a time.</summary>
public static class IndexFolder
{
    /// <summary>Opens the index of a folder, or begins one.</summary>
    /// <param name="folder">The workspace of the executor.</param>
    /// <param name="mustExist">Whether a folder without an index is an error.</param>
    /// <exception cref="FlowKitException">There is none, another process has it, or it is damaged as a whole.</exception>
    public static IVectorStore Open(string folder, bool mustExist = true)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ThrowIfMissing(folder, mustExist);
        return SqliteVectorStore.Acquire(folder, new StoreOptions(StoreContent: true, AllowUnnamed: true));
    }

    /// <summary>The size of the index on the disk.</summary>
    /// <param name="folder">The workspace of the executor.</param>
    public static long SizeOf(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new DirectoryInfo(folder).EnumerateFiles("index.*").Sum(file => file.Length);
    }

    /// <summary>
    /// The precision of the vectors in the file that lies beside the index and is mapped into memory: <c>float32</c> or <c>float16</c>, as
    /// the executor's option said; <see langword="null"/> where there is no such file. The index itself has them in float32.
    /// </summary>
    /// <param name="folder">The workspace of the executor.</param>
    public static string? MapPrecisionOf(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return MapFolder.ReadHeader(folder)?.Precision;
    }

    /// <summary>
    /// Removes what is damaged for good, forgets what is lost, and gives the room of removed documents back to the disk. It needs as much
    /// free room as the index has.
    /// </summary>
    /// <returns>The number of rows that were removed.</returns>
    /// <param name="folder">The workspace of the executor.</param>
    /// <exception cref="FlowKitException">There is none, another process has it, or the disk is full.</exception>
    public static long Compact(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ThrowIfMissing(folder, mustExist: true);
        var path = Path.Combine(folder, IndexFiles.DatabaseName);
        using var owner = IndexLock.Take(folder, hasIndex: true);
        if (owner.Refusal is { } refusal)
        {
            throw refusal;
        }

        // An index of an earlier format is taken over first; nobody may have the file open while it is written anew.
        SqliteTable.Open(path, SqliteAccess.ReadWrite).Dispose();
        var removed = IndexCompaction.Run(path);
        MapFolder.DeleteOthers(folder, generation: null);
        return removed;
    }

    private static void ThrowIfMissing(string folder, bool mustExist)
    {
        if (mustExist && !File.Exists(Path.Combine(folder, IndexFiles.DatabaseName)))
        {
            throw new FlowKitException(
                FlowErrorCode.NotFound,
                $"There is no index in '{folder}': it has no {IndexFiles.DatabaseName}. Name the executor's workspace.");
        }

        if (!mustExist)
        {
            Directory.CreateDirectory(folder);
        }
    }
}
