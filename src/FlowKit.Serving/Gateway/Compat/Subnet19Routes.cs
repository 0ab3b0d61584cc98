using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>
/// Subnet 19's synapses <c>ClipEmbeddingTexts</c> and <c>ClipEmbeddingImages</c>, and its later worker route <c>/clip-embeddings</c>. At
/// most ten pictures of ten megabytes together; what was sent is not sent back, and what is wrong is told in <c>error_message</c>.
/// </summary>
internal sealed class Subnet19Routes(CompatFlow flow) : CompatFamily(flow)
{
    private const int MaxPictures = 10;
    private const long MaxBytes = 10 << 20;
    private const string Missing = "You must supply the images/text prompts that you want to embed";

    /// <inheritdoc/>
    public override string System => "Subnet 19";

    /// <inheritdoc/>
    public override IReadOnlyList<CompatOperation> Operations =>
    [
        new(
            HttpMethods.Post,
            "/ClipEmbeddingTexts",
            "Embed texts",
            """{"text_prompts": ["a red apple"]}""",
            (context, body) => EmbedAsync(context, TextsOf(body), "text_prompts", "text_embeddings")),
        new(
            HttpMethods.Post,
            "/ClipEmbeddingImages",
            "Embed pictures",
            """{"image_b64s": []}""",
            (context, body) => EmbedAsync(context, PicturesOf(body), "image_b64s", "image_embeddings")),
        new(
            HttpMethods.Post,
            "/clip-embeddings",
            "Embed pictures, as the later worker has it",
            """{"image_b64s": []}""",
            (context, body) => EmbedAsync(context, PicturesOf(body), null, "clip_embeddings")),
    ];

    /// <inheritdoc/>
    protected override void WriteError(Utf8JsonWriter json, int status, string message)
    {
        json.WriteStartObject();
        json.WriteString("error_message", message);
        json.WriteEndObject();
    }

    private async Task<Action<Utf8JsonWriter>> EmbedAsync(HttpContext context, List<Document> documents, string? input, string output)
    {
        var embeddings = documents.Count == 0 ? null : (await Flow.EmbedAsync(context, documents, default)).Vectors;
        return json =>
        {
            json.WriteStartObject();
            if (input is not null)
            {
                json.WriteNull(input);
            }

            if (embeddings is null)
            {
                json.WriteNull(output);
            }
            else
            {
                json.WriteStartArray(output);
                Array.ForEach(embeddings, embedding => WriteVector(json, embedding));
                json.WriteEndArray();
            }

            json.WriteString("error_message", embeddings is null ? Missing : null);
            json.WriteEndObject();
        };
    }

    private static List<Document> TextsOf(JsonElement body) =>
        [.. ListOf(body, "text_prompts").Select(item => CompatBody.TextOf(item.Value, item.Name))];

    /// <summary>Both limits count before a pixel is decoded.</summary>
    private static List<Document> PicturesOf(JsonElement body)
    {
        var items = ListOf(body, "image_b64s");
        if (items.Count > MaxPictures)
        {
            throw CompatBody.Wrong("image_b64s", $"Number of images should not exceed {MaxPictures} please; there are {items.Count}");
        }

        var documents = items.Select(
            item => CompatBody.Base64Of(item.Value.ValueKind == JsonValueKind.String ? item.Value.GetString() : null, item.Name))
            .ToList();
        var bytes = documents.Sum(document => (long)document.Blob!.Value.Length);
        return bytes <= MaxBytes
            ? documents
            : throw CompatBody.Wrong("image_b64s", $"the pictures have {bytes} bytes together; at most {MaxBytes} are taken");
    }

    private static IReadOnlyList<(string Name, JsonElement Value)> ListOf(JsonElement body, string field)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(field, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array
            ? CompatBody.OneOrMany(list, field)
            : throw CompatBody.Wrong(field, "expected a list");
    }
}
