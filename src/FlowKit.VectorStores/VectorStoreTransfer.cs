using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FlowKit.Wire.Json;

namespace FlowKit.VectorStores;

/// <summary>
/// Documents of a store as lines of JSON, each a document with its embedding in Jina's form, and what other formats need to be read and
/// written.
/// </summary>
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
        var count = 0L;
        await foreach (var document in ReadAllAsync(store, cancellationToken))
        {
            await output.WriteAsync(Line(document), cancellationToken);
            count++;
        }

        return count;
    }

    /// <summary>Returns all documents of a store with their embeddings, page by page.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static IAsyncEnumerable<Document> ReadAllAsync(IVectorStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return ReadAllAsync(store, new VectorScroll { Limit = BatchSize, Fields = FieldSelection.WithEmbedding }, cancellationToken);
    }

    /// <summary>Returns the documents of a page and of all that follow.</summary>
    /// <param name="store">The store.</param>
    /// <param name="scroll">The first page.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async IAsyncEnumerable<Document> ReadAllAsync(
        IVectorStore store, VectorScroll scroll, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await store.ScrollAsync(scroll, cancellationToken);
            foreach (var document in page.Documents)
            {
                yield return document;
            }

            if (page.Cursor is null)
            {
                yield break;
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
        var documents = DocumentLines.ReadAsync(input, cancellationToken: cancellationToken)
            .Select(line => new PlacedDocument(string.Create(CultureInfo.InvariantCulture, $"Line {line.Number}"), line.Document));
        return await AddAllAsync(store, documents, cancellationToken);
    }

    /// <summary>Adds documents to a store, replacing those with the same id.</summary>
    /// <returns>Their number.</returns>
    /// <param name="store">The store.</param>
    /// <param name="documents">The documents, each with its place in a file for an error.</param>
    /// <param name="cancellationToken">Ends it; what was written stays.</param>
    /// <exception cref="FlowKitException">A document cannot be stored; the error names its place.</exception>
    public static async Task<long> AddAllAsync(
        IVectorStore store, IAsyncEnumerable<PlacedDocument> documents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(documents);
        var (count, batch) = (0L, new List<Document>(BatchSize));
        await foreach (var (place, document) in documents.WithCancellation(cancellationToken))
        {
            if (!IndexableDocument.Check(document))
            {
                throw new FlowKitException(
                    FlowErrorCode.InvalidArgument, $"{place}, the document '{document.Id}': {document.Error!.Message}");
            }

            batch.Add(document);
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
}
