using System.Globalization;
using FlowKit.VectorStores;

namespace FlowKit.Executors.Storage;

/// <summary>The state of the index in its table of keys and values.</summary>
internal sealed class IndexMeta(SqliteFile file)
{
    private const string FormatKey = "format";
    private const string WordsKey = "words";
    private const string MapKey = "map";

    /// <summary>The state that the file should be in.</summary>
    /// <exception cref="FlowKitException">It is damaged.</exception>
    public IndexState Read()
    {
        VectorStamp? stamp = null;
        if (Value(file, "dimension") is { } text)
        {
            stamp = int.TryParse(text, CultureInfo.InvariantCulture, out var dimension) && dimension > 0
                ? new VectorStamp(dimension, Value(file, "model") ?? "")
                : throw Damaged($"its dimension is '{text}'");
        }

        if (Value(file, "check") is not { } check)
        {
            // A file of the first format has neither a count nor a sum.
            return new IndexState(stamp, Rows: -1, Sum: 0);
        }

        var state = new IndexState(stamp, Number("rows"), Number("sum"));
        return state.Check == check
            ? state
            : throw Damaged("the checksum of its dimension, model and number of documents is another one");
    }

    /// <summary>Writes the state, within the caller's transaction.</summary>
    public void Write(IndexState state)
    {
        if (state.Stamp is { } stamp)
        {
            Set(file, "dimension", stamp.Dimension.ToString(CultureInfo.InvariantCulture));
            Set(file, "model", stamp.Model);
        }

        Set(file, "rows", state.Rows.ToString(CultureInfo.InvariantCulture));
        Set(file, "sum", state.Sum.ToString(CultureInfo.InvariantCulture));
        Set(file, "check", state.Check);
    }

    /// <summary>The format of the file; 0 for a new one.</summary>
    /// <exception cref="FlowKitException">It is of a later format.</exception>
    public static int ReadFormat(SqliteFile file, int newest)
    {
        var text = Value(file, FormatKey) ?? "0";
        return int.TryParse(text, CultureInfo.InvariantCulture, out var version) && version <= newest
            ? version
            : throw new FlowKitException(
                FlowErrorCode.FailedPrecondition, $"The index '{file.Path}' has the format {text}; this FlowKit reads up to {newest}.");
    }

    /// <summary>Writes the format of the file.</summary>
    public static void WriteFormat(SqliteFile file, int format) => Set(file, FormatKey, format.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// The fields whose words the file has; none where it was said to have none, <see langword="null"/> where nothing was said.
    /// </summary>
    public static IReadOnlyList<string>? ReadWordFields(SqliteFile file) =>
        Value(file, WordsKey)?.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Writes the fields whose words the file has.</summary>
    public static void WriteWordFields(SqliteFile file, IReadOnlyList<string> fields) => Set(file, WordsKey, string.Join('\n', fields));

    /// <summary>The number of the map that counts; <see langword="null"/> where there is none.</summary>
    public static long? ReadMap(SqliteFile file) =>
        long.TryParse(Value(file, MapKey), CultureInfo.InvariantCulture, out var map) ? map : null;

    /// <summary>Writes the number of the map that counts; <see langword="null"/> for none.</summary>
    public static void WriteMap(SqliteFile file, long? generation) =>
        Set(file, MapKey, generation?.ToString(CultureInfo.InvariantCulture) ?? "");

    private long Number(string key) => Value(file, key) is { } text && long.TryParse(text, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Damaged($"its value '{key}' is no number");

    private FlowKitException Damaged(string why) => new(FlowErrorCode.DataLoss, $"The index '{file.Path}' is damaged: {why}.");

    private static string? Value(SqliteFile file, string key)
    {
        using var command = file.Command("SELECT value FROM meta WHERE key = $key", ("$key", key));
        return file.Guard("read", command.ExecuteScalar) as string;
    }

    private static void Set(SqliteFile file, string key, string value) =>
        file.Execute("INSERT OR REPLACE INTO meta (key, value) VALUES ($key, $value)", ("$key", key), ("$value", value));
}
