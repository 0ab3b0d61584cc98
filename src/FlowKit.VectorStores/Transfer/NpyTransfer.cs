using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace FlowKit.VectorStores.Transfer;

/// <summary>Vectors of a store as numpy saves and loads them, with ids beside them and nothing else of the documents.</summary>
public static class NpyTransfer
{
    /// <summary>Writes all vectors of a store, and their ids as lines of text.</summary>
    /// <returns>Their number.</returns>
    /// <param name="store">The store.</param>
    /// <param name="vectors">The place for the vectors, which can seek.</param>
    /// <param name="ids">The place for the ids.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">An id has a line's end in it.</exception>
    public static async Task<long> ExportAsync(
        IVectorStore store, Stream vectors, Stream ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(ids);
        var dimension = (await store.GetStatusAsync(cancellationToken)).Stamp?.Dimension ?? 0;
        await vectors.WriteAsync(NpyHeader.OfFloats(0, dimension), cancellationToken);
        await using var lines = new StreamWriter(ids, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var count = 0L;
        await foreach (var document in VectorStoreTransfer.ReadAllAsync(store, cancellationToken))
        {
            ThrowIfLines(document.Id);
            await vectors.WriteAsync(MemoryMarshal.AsBytes(document.Embedding!.ToFloats().AsSpan()).ToArray(), cancellationToken);
            await lines.WriteLineAsync(document.Id.AsMemory(), cancellationToken);
            count++;
        }

        vectors.Position = 0;
        await vectors.WriteAsync(NpyHeader.OfFloats(count, dimension), cancellationToken);
        return count;
    }

    /// <summary>Adds vectors to a store, replacing those with the same id. Header, size and ids are checked before any is added.</summary>
    /// <returns>Their number.</returns>
    /// <param name="store">The store.</param>
    /// <param name="vectors">The vectors, a row each.</param>
    /// <param name="name">The name of their file for an error.</param>
    /// <param name="ids">The ids of the rows, all different, as <see cref="ReadIdsAsync"/> reads them; their numbers when absent.</param>
    /// <param name="model">The model that made them; <see langword="null"/> when nobody said.</param>
    /// <param name="cancellationToken">Ends it; what was written stays.</param>
    /// <exception cref="FlowKitException">The file is no NPY, truncated, of another kind or dimension, or a row no vector.</exception>
    public static async Task<long> ImportAsync(
        IVectorStore store,
        Stream vectors,
        string name,
        IReadOnlyList<string>? ids = null,
        string? model = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(vectors);
        var header = await NpyHeader.ReadAsync(vectors, name, cancellationToken);
        var (rows, dimension, size) = Check(header, name, ids?.Count);
        if (vectors.CanSeek && vectors.Length - vectors.Position < rows * dimension * size)
        {
            var there = vectors.Length - vectors.Position;
            throw NpyHeader.Invalid(name, $"it is truncated: {rows} rows take {rows * dimension * size} bytes, and {there} are there");
        }

        if (await store.GetStatusAsync(cancellationToken) is { Count: > 0, Stamp: { } kept } && kept.Dimension != dimension)
        {
            throw NpyHeader.Invalid(name, $"shape: the vectors have {dimension} values, and those of the index {kept.Dimension}");
        }

        var documents = ReadAsync(vectors, name, rows, row => Of(ids?[(int)row] ?? Number(row), model), cancellationToken);
        return await VectorStoreTransfer.AddAllAsync(store, documents, cancellationToken);

        async IAsyncEnumerable<PlacedDocument> ReadAsync(
            Stream file, string called, long count, Func<long, Document> make, [EnumeratorCancellation] CancellationToken cancelled)
        {
            for (long row = 0; row < count; row++)
            {
                var document = make(row);
                document.Embedding = NdArray.Wrap(Floats(await NpyHeader.ReadAsync(file, dimension * size, called, cancelled), size));
                yield return new PlacedDocument(string.Create(CultureInfo.InvariantCulture, $"{called}: row {row}"), document);
            }
        }
    }

    /// <summary>Reads ids: of an NPY file of whole numbers or texts, or else lines of text.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">Its name, which says its format.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FlowKitException">It is no such file, or has an id twice.</exception>
    public static async Task<IReadOnlyList<string>> ReadIdsAsync(
        Stream file, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(name);
        return await NpyIds.ReadAsync(file, name, cancellationToken);
    }

    private static (long Rows, int Dimension, int Size) Check(NpyHeader header, string name, int? ids)
    {
        var size = header.Descr switch
        {
            "<f2" => 2,
            "<f4" => 4,
            "<f8" => 8,
            _ => throw NpyHeader.Invalid(name, $"descr: '{header.Descr}' is no vector of floats; expected <f2, <f4 or <f8"),
        };
        if (header.Shape is not [<= int.MaxValue and var rows, > 0 and <= 1_000_000 and var dimension])
        {
            throw NpyHeader.Invalid(name, $"shape: vectors are rows of a matrix, and these are of ({string.Join(", ", header.Shape)})");
        }

        return ids is null || ids == rows
            ? (rows, (int)dimension, size)
            : throw NpyHeader.Invalid(name, $"shape: there are {rows} vectors, and {ids} ids beside them");
    }

    private static float[] Floats(byte[] bytes, int size)
    {
        if (size == sizeof(float))
        {
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        }

        return size == sizeof(double)
            ? [.. MemoryMarshal.Cast<byte, double>(bytes).ToArray().Select(value => (float)value)]
            : [.. MemoryMarshal.Cast<byte, Half>(bytes).ToArray().Select(value => (float)value)];
    }

    private static string Number(long row) => row.ToString(CultureInfo.InvariantCulture);

    private static Document Of(string id, string? model)
    {
        var document = new Document(id);
        if (model is not null)
        {
            document.Metadata[EmbeddingModel.Key] = model;
        }

        return document;
    }

    private static void ThrowIfLines(string id)
    {
        if (id.AsSpan().ContainsAny('\n', '\r'))
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"The id '{id}' has a line's end in it, and ids beside NPY are lines; export lines of JSON or Parquet.");
        }
    }
}
