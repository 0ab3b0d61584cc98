using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FlowKit.VectorStores.Transfer;

/// <summary>Ids beside vectors: lines of text, or an NPY file of whole numbers or texts.</summary>
internal static class NpyIds
{
    private const string Extension = ".npy";
    private const int MaxIds = 1 << 28;

    /// <summary>Reads ids, all of them different.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">Its name, which says its format.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">It is no such file, or has an id twice.</exception>
    public static async Task<List<string>> ReadAsync(Stream file, string name, CancellationToken cancellationToken)
    {
        var ids = name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
            ? await ReadArrayAsync(file, name, cancellationToken)
            : await ReadLinesAsync(file, cancellationToken);
        var places = new Dictionary<string, int>(ids.Count, StringComparer.Ordinal);
        for (var i = 0; i < ids.Count; i++)
        {
            if (!places.TryAdd(ids[i], i))
            {
                throw NpyHeader.Invalid(name, $"the id '{ids[i]}' of row {i} is that of row {places[ids[i]]} too");
            }
        }

        return ids;
    }

    private static async Task<List<string>> ReadLinesAsync(Stream file, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        var ids = new List<string>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            ids.Add(line);
        }

        return ids;
    }

    private static async Task<List<string>> ReadArrayAsync(Stream file, string name, CancellationToken cancellationToken)
    {
        var header = await NpyHeader.ReadAsync(file, name, cancellationToken);
        if (header.Shape is not [var count and <= MaxIds])
        {
            throw NpyHeader.Invalid(name, $"shape: ids are of one dimension, and these are of ({string.Join(", ", header.Shape)})");
        }

        var (size, read) = Kind(header.Descr)
            ?? throw NpyHeader.Invalid(name, $"descr: '{header.Descr}' is no id; expected <i4, <i8, <u4, <u8 or <U of some length");
        var ids = new List<string>((int)count);
        for (var i = 0; i < count; i++)
        {
            ids.Add(read(await NpyHeader.ReadAsync(file, size, name, cancellationToken)));
        }

        return ids;
    }

    private static (int Size, Func<byte[], string> Read)? Kind(string descr) => descr switch
    {
        "<i4" => (4, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes).ToString(CultureInfo.InvariantCulture)),
        "<u4" => (4, bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes).ToString(CultureInfo.InvariantCulture)),
        "<i8" => (8, bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes).ToString(CultureInfo.InvariantCulture)),
        "<u8" => (8, bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes).ToString(CultureInfo.InvariantCulture)),
        _ when descr.StartsWith("<U", StringComparison.Ordinal)
            && int.TryParse(descr.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length is > 0 and < 65_536 =>
            (4 * length, bytes => Encoding.UTF32.GetString(bytes).TrimEnd('\0')),
        _ => null,
    };
}
