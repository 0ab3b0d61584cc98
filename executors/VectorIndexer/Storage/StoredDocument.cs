using System.Buffers;
using System.Text.Json;
using FlowKit.Wire.Json;

namespace FlowKit.Executors;

/// <summary>A document as the index keeps it: compact JSON without its embedding.</summary>
internal static class StoredDocument
{
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

    public static Document Read(byte[] json)
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
