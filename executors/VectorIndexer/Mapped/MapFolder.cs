using System.Globalization;
using FlowKit.Executors.Storage;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Mapped;

/// <summary>
/// The maps of an index in its folder. A new one has a name of its own, and the database says which counts: whenever a process ends, the
/// one that counts is whole.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="threshold">The number of documents from which there is one.</param>
internal sealed class MapFolder(string folder, int threshold)
{
    private const string Pattern = "index.*.map";
    private const int MaxRows = 10_000_000;

    // A row that is read again costs as much as writing about 32, and a node that is made anew much more.
    private const int ClosingShare = 32;
    private const int MaxNodes = 2_000;

    private bool _hasFailed;

    /// <summary>Opens the map that counts; <see langword="null"/> where there is none that is whole.</summary>
    public IndexMap? Open(SqliteTable table, VectorStamp stamp, StoreOptions options) => table.Journal.Generation is { } generation
        ? IndexMap.Open(PathOf(generation), generation, stamp.Dimension, options, table.Access == SqliteAccess.ReadWrite)
        : null;

    /// <summary>The header of a folder's map; <see langword="null"/> where there is none that can be read.</summary>
    /// <param name="folder">The folder.</param>
    public static MapHeader? ReadHeader(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, Pattern))
        {
            using var file = File.OpenRead(path);
            var page = new byte[MapHeader.Size];
            if (file.ReadAtLeast(page, page.Length, throwOnEndOfStream: false) == page.Length && MapHeader.Read(page) is { } header)
            {
                return header;
            }
        }

        return null;
    }

    /// <summary>Tells whether a map is worth being written.</summary>
    /// <param name="memory">What is in memory.</param>
    /// <param name="journal">The rows since the last one.</param>
    /// <param name="isClosing">Whether the index is closed; meanwhile they are written ever more seldom as it grows.</param>
    public bool IsDue(IndexMemory? memory, MapJournal journal, bool isClosing)
    {
        if (memory is null || memory.Count < threshold || memory.Ids.Rows > MaxRows || memory.Damaged.Count > 0 || memory.Lost > 0
            || !BitConverter.IsLittleEndian || (_hasFailed && !isClosing))
        {
            return false;
        }

        if (journal.Generation is null)
        {
            return true;
        }

        var most = memory.Count / (isClosing ? ClosingShare : 2);
        return journal.Changes > (isClosing && memory.HasGraph ? Math.Min(most, MaxNodes) : most);
    }

    /// <summary>Writes a map and makes it the one that counts. A failure is no loss: the rows are read at the next start.</summary>
    public void Save(IndexMemory memory, MapJournal journal)
    {
        var generation = Random.Shared.NextInt64(1, long.MaxValue);
        try
        {
            memory.Write(PathOf(generation), generation);
            journal.Begin(generation);
            _hasFailed = false;
        }
        catch (Exception exception) when (exception is FlowKitException || FileFailure.IsOfFiles(exception))
        {
            _hasFailed = true;
            Delete(PathOf(generation));
            return;
        }

        DeleteOthers(folder, generation);
    }

    /// <summary>Removes the maps that do not count any more.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="generation">The number of the one that does; <see langword="null"/> for none.</param>
    public static void DeleteOthers(string folder, long? generation)
    {
        var kept = generation is { } number ? NameOf(number) : null;
        foreach (var path in Directory.EnumerateFiles(folder, Pattern).Where(path => Path.GetFileName(path) != kept).ToList())
        {
            Delete(path);
        }
    }

    private static string NameOf(long generation) => string.Create(CultureInfo.InvariantCulture, $"index.{generation:x16}.map");

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            // Where a file that is mapped cannot be deleted, the next map does it.
        }
    }

    private string PathOf(long generation) => Path.Combine(folder, NameOf(generation));
}
