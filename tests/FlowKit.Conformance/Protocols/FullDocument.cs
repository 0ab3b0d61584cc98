using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Wire;
using FlowKit.Wire.Json;

namespace FlowKit.Conformance.Protocols;

/// <summary>Documents with every field that Jina's have, and their text for comparisons.</summary>
internal static class FullDocument
{
    /// <summary>One document for each kind of content: text, tensor, bytes.</summary>
    public static IReadOnlyList<Document> All =>
    [
        With(new Document("text") { Text = "žluťoučký kůň \U0001F40E\n\"\\" }),
        With(new Document("tensor") { Tensor = NdArray.Wrap(new float[] { 1.5f, -2, float.MinValue, 0.1f, 3, 4 }, 2, 3) }),
        With(new Document("blob") { Blob = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray() }),
    ];

    /// <summary>Writes documents as JSON, all fields in one order.</summary>
    public static string Write(IEnumerable<Document> documents)
    {
        var buffer = new ArrayBufferWriter<byte>();
        DataRequestJsonWriter.WriteRequest(buffer, new DataRequest { Documents = new DocumentArray(documents) }, JsonWireOptions.Compact);
        return JsonNode.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan))!["data"]!.ToJsonString();
    }

    private static Document With(Document document)
    {
        document.ParentId = "parent";
        document.Granularity = 1;
        document.Adjacency = 2;
        document.Weight = 0.25f;
        document.Uri = "https://pictures.example/1.png";
        document.Modality = "picture";
        document.MimeType = "image/png";
        document.Offset = 3;
        document.Location = [1, 2.5f];
        document.Embedding = NdArray.Wrap(new float[] { 0.1f, 0.2f, -0.3f }, 3);
        document.Tags["words"] = "red apple";
        document.Tags["price"] = 2.5;
        document.Tags["sold"] = true;
        document.Tags["nested"] = new JsonObject { ["list"] = new JsonArray(1.0, "two", false) };
        document.Scores["cosine"] = new NamedScore(0.5f) { Description = "near" };
        document.Evaluations["recall"] = new NamedScore(0.75f);
        document.Chunks = [new Document("chunk") { Text = "a part", Granularity = 2, ParentId = "p" }];
        document.Matches = [new Document("match") { Adjacency = 3, Text = "a hit", Scores = { ["cosine"] = new NamedScore(0.9f) } }];
        return document;
    }
}
