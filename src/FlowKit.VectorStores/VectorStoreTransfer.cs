using System.Buffers;
using System.Text;
using System.Text.Json;
using FlowKit.Wire.Json;

namespace FlowKit.VectorStores;

/// <summary>Documents of a store as lines of JSON, each a document with its embedding in Jina's form.</summary>
public static class VectorStoreTransfer
{
    private const int BatchSize = 500;

    /// <summary>Writes all documents of a store.</summary>
    /// <returns>Their number.</returns>
    /// <param name="store">The store.</param>
    /// <param name="output">The place for the lines.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<long> ExportAsync(IVectorStore store, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(output);
        var (count, scroll) = (0L, new VectorScroll { Limit = BatchSize, Fields = FieldSelection.WithEmbedding });
        while (true)
        {
            var page = await store.ScrollAsync(scroll, cancellationToken);
            foreach (var document in page.Documents)
            {
                await output.WriteAsync(Line(document), cancellationToken);
            }

            count += page.Documents.Count;
            if (page.Cursor is null)
            {
                return count;
            }

            scroll = scroll with { Cursor = page.Cursor };
        }
    }

    /// <summary>Adds documents to a store, replacing those with the same id.</summary>
    /// <returns>Their number.</returns>
    /// <param name="store">The store.</param>
    /// <param name="input">The lines; empty ones are passed over.</param>
    /// <param name="cancellationToken">Ends it; what was written stays.</param>
    /// <exception cref="FlowKitException">A line is no document with an embedding; the error names its number.</exception>
    public static async Task<long> ImportAsync(IVectorStore store, Stream input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(input);
        using var reader = new StreamReader(input, Encoding.UTF8, leaveOpen: true);
        var (count, number, batch) = (0L, 0L, new List<Document>(BatchSize));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                batch.Add(Read(line, number));
            }

            if (batch.Count == BatchSize)
            {
                count += await WriteAsync(store, batch, cancellationToken);
            }
        }

        return count + await WriteAsync(store, batch, cancellationToken);
    }

    private static async Task<int> WriteAsync(IVectorStore store, List<Document> batch, CancellationToken cancellationToken)
    {
        foreach (var group in batch.GroupBy(VectorStamp.Of))
        {
            await store.UpsertAsync([.. group], cancellationToken);
        }

        var count = batch.Count;
        batch.Clear();
        return count;
    }

    private static ReadOnlyMemory<byte> Line(Document document)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            DocumentJsonWriter.Write(writer, document, JsonWireOptions.Compact);
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private static Document Read(string line, long number)
    {
        Document document;
        try
        {
            document = StoredDocument.Read(Encoding.UTF8.GetBytes(line));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"Line {number} is no document: {exception.Message}", exception);
        }

        return IndexableDocument.Check(document)
            ? document
            : throw new FlowKitException(
                FlowErrorCode.InvalidArgument, $"Line {number}, the document '{document.Id}': {document.Error!.Message}");
    }
}
