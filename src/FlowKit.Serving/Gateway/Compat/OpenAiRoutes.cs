using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>
/// OpenAI's <c>/v1/embeddings</c>, for texts and, as infinity has it, for pictures: by their address or data URI with <c>modality:
/// image</c>, or as <c>{"text": …}</c> and <c>{"image": …}</c> mixed. The flow has one model, so that a name in the body is only said back.
/// </summary>
internal sealed class OpenAiRoutes(CompatFlow flow) : CompatFamily(flow)
{
    /// <inheritdoc/>
    public override void Map(IEndpointRouteBuilder routes)
    {
        Post(routes, "/v1/embeddings", EmbedAsync);
        Post(routes, "/embeddings", EmbedAsync);
    }

    /// <inheritdoc/>
    protected override void WriteError(Utf8JsonWriter json, int status, string message)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("type", status < StatusCodes.Status500InternalServerError ? "invalid_request_error" : "server_error");
        json.WriteNull("param");
        json.WriteNumber("code", status);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private async Task<Action<Utf8JsonWriter>> EmbedAsync(HttpContext context, JsonElement body)
    {
        var inputs = CompatBody.OneOrMany(body.Need("input"), "input");
        var isImage = IsImage(body);
        var isBase64 = body.Text("encoding_format") switch
        {
            null or "float" => false,
            "base64" => true,
            var other => throw CompatBody.Wrong("encoding_format", $"'{other}' is neither 'float' nor 'base64'"),
        };
        var model = body.Text("model") ?? "";
        var embeddings = await Flow.EmbedAsync(context, [.. inputs.Select(input => DocumentOf(input.Value, input.Name, isImage))]);
        return json => Write(json, embeddings, model, isBase64);
    }

    private static bool IsImage(JsonElement body) => body.Text("modality") switch
    {
        null or "text" => false,
        "image" => true,
        var other => throw CompatBody.Wrong("modality", $"'{other}' is neither 'text' nor 'image'"),
    };

    private static Document DocumentOf(JsonElement value, string field, bool isImage)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            return value.TryGetProperty("image", out var image)
                ? PictureOf(image, $"{field}.image")
                : CompatBody.TextOf(value.Need("text"), $"{field}.text");
        }

        return isImage ? PictureOf(value, field) : CompatBody.TextOf(value, field);
    }

    private static Document PictureOf(JsonElement value, string field)
    {
        var text = value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw CompatBody.Wrong(field, "expected an address or base64");
        return text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? CompatBody.UriOf(text, field)
            : CompatBody.Base64Of(text, field);
    }

    private static void Write(Utf8JsonWriter json, float[][] embeddings, string model, bool isBase64)
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        for (var i = 0; i < embeddings.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", i);
            json.WritePropertyName("embedding");
            if (isBase64)
            {
                json.WriteBase64StringValue(MemoryMarshal.AsBytes(embeddings[i].AsSpan()));
            }
            else
            {
                WriteVector(json, embeddings[i]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", model);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", 0);
        json.WriteNumber("total_tokens", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
