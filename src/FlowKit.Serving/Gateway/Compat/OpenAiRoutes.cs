using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>
/// OpenAI's <c>/v1/embeddings</c>, for texts and, as infinity has it, for pictures: by their address or data URI with <c>modality:
/// image</c>, or as <c>{"text": …}</c> and <c>{"image": …}</c> mixed; and its <c>/v1/models</c>.
/// </summary>
internal sealed class OpenAiRoutes(CompatFlow flow) : CompatFamily(flow)
{
    private const string EmbedExample = """{"input": ["a red apple", "a dog"]}""";
    private const string ModelField = "model";

    /// <inheritdoc/>
    public override string System => "OpenAI";

    /// <inheritdoc/>
    public override IReadOnlyList<CompatOperation> Operations =>
    [
        new(HttpMethods.Post, "/v1/embeddings", "Embed texts or pictures", EmbedExample, EmbedAsync),
        new(HttpMethods.Post, "/embeddings", "The same as /v1/embeddings", EmbedExample, EmbedAsync),
        new(HttpMethods.Get, "/v1/models", "The flow's models", null, ListModelsAsync),
        new(HttpMethods.Get, "/v1/models/{*id}", "A model of the flow", null, FindModelAsync),
    ];

    /// <inheritdoc/>
    protected override void WriteError(Utf8JsonWriter json, int status, string message)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("type", status < StatusCodes.Status500InternalServerError ? "invalid_request_error" : "server_error");
        if (status == StatusCodes.Status404NotFound)
        {
            json.WriteString("param", ModelField);
            json.WriteString("code", "model_not_found");
        }
        else
        {
            json.WriteNull("param");
            json.WriteNumber("code", status);
        }

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
        var ask = new CompatAsk(body.Text(ModelField), ModelField, body.Count("dimensions"));
        var embeddings = await Flow.EmbedAsync(context, [.. inputs.Select(input => DocumentOf(input.Value, input.Name, isImage))], ask);
        return json => Write(json, embeddings.Vectors, embeddings.Model, isBase64);
    }

    private async Task<Action<Utf8JsonWriter>> ListModelsAsync(HttpContext context, JsonElement body)
    {
        var models = await Flow.ModelsAsync(context, default);
        return json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var model in models)
            {
                Write(json, model);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        };
    }

    private async Task<Action<Utf8JsonWriter>> FindModelAsync(HttpContext context, JsonElement body)
    {
        var id = (string)context.GetRouteValue("id")!;
        var models = await Flow.ModelsAsync(context, new CompatAsk(id, ModelField));
        return json => Write(json, models.Contains(id) ? id : models[0]);
    }

    private static void Write(Utf8JsonWriter json, string model)
    {
        json.WriteStartObject();
        json.WriteString("id", model);
        json.WriteString("object", "model");
        json.WriteNumber("created", 0);
        json.WriteString("owned_by", "flowkit");
        json.WriteEndObject();
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
