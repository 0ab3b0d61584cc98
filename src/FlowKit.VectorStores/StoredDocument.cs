using System.Buffers;
using System.Text.Json;
using FlowKit.Wire.Json;

namespace FlowKit.VectorStores;

/// <summary>A document as a store keeps it: compact JSON without its embedding.</summary>
public static class StoredDocument
{
    /// <summary>Writes a document as a store keeps it.</summary>
    /// <param name="document">The document, which is not changed.</param>
    /// <param name="withContent">Whether bytes, pixels and data URIs are kept too.</param>
    public static byte[] Write(Document document, bool withContent)
    {
        var kept = document.Clone();
        kept.Embedding = null;
        kept.Matches = [];
        if (!withContent)
        {
            DropContent(kept);
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            DocumentJsonWriter.Write(writer, kept, JsonWireOptions.Compact);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="json">The document as JSON.</param>
    public static Document Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return DocumentJsonReader.Read(ref reader, "document");
    }

    /// <summary>Bytes, pixels and data URIs are what was indexed; text and addresses are small and say what it was.</summary>
    private static void DropContent(Document document)
    {
        if (document.ContentType is DocumentContent.Blob or DocumentContent.Tensor)
        {
            document.ClearContent();
        }

        if (document.Uri?.StartsWith("data:", StringComparison.OrdinalIgnoreCase) == true)
        {
            document.Uri = null;
        }

        if (document.HasChunks)
        {
            foreach (var chunk in document.Chunks)
            {
                DropContent(chunk);
            }
        }
    }
}
