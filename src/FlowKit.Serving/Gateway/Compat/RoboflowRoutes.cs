using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>
/// Roboflow Inference's routes for CLIP: <c>/clip/embed_text</c>, <c>/clip/embed_image</c>, <c>/clip/compare</c>. Lists may be of any
/// length; an API key in the body is let pass, since the flow has keys of its own.
/// </summary>
internal sealed class RoboflowRoutes(CompatFlow flow) : CompatFamily(flow)
{
    /// <summary>The header in which Roboflow's server names the model that answered.</summary>
    private const string ModelHeader = "X-Model-Id";

    /// <inheritdoc/>
    public override string System => "Roboflow";

    /// <inheritdoc/>
    public override IReadOnlyList<CompatOperation> Operations =>
    [
        new(
            HttpMethods.Post,
            "/clip/embed_text",
            "Embed texts",
            """{"text": ["a red apple", "a dog"]}""",
            (context, body) => EmbedAsync(context, body, CompatBody.OneOrMany(body.Need("text"), "text"), CompatBody.TextOf)),
        new(
            HttpMethods.Post,
            "/clip/embed_image",
            "Embed pictures",
            """{"image": {"type": "base64", "value": ""}}""",
            (context, body) => EmbedAsync(context, body, CompatBody.OneOrMany(body.Need("image"), "image"), PictureOf)),
        new(
            HttpMethods.Post,
            "/clip/compare",
            "Compare a text or a picture with prompts",
            """{"subject": "a red apple", "subject_type": "text", "prompt": ["an apple", "a dog"]}""",
            CompareAsync),
    ];

    /// <inheritdoc/>
    protected override void WriteError(Utf8JsonWriter json, int status, string message)
    {
        json.WriteStartObject();
        json.WriteString("message", message);
        json.WriteEndObject();
    }

    private async Task<Action<Utf8JsonWriter>> EmbedAsync(
        HttpContext context,
        JsonElement body,
        IReadOnlyList<(string Name, JsonElement Value)> inputs,
        Func<JsonElement, string, Document> read)
    {
        var began = Stopwatch.GetTimestamp();
        var embeddings = await Flow.EmbedAsync(context, [.. inputs.Select(input => read(input.Value, input.Name))], AskOf(body));
        context.Response.Headers[ModelHeader] = embeddings.Model;
        return json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("embeddings");
            foreach (var embedding in embeddings.Vectors)
            {
                WriteVector(json, embedding);
            }

            json.WriteEndArray();
            WriteEnd(json, began);
        };
    }

    private async Task<Action<Utf8JsonWriter>> CompareAsync(HttpContext context, JsonElement body)
    {
        var began = Stopwatch.GetTimestamp();
        var subject = Reader(body, "subject_type", "image")(body.Need("subject"), "subject");
        var read = Reader(body, "prompt_type", "text");
        var prompt = body.Need("prompt");
        var names = IsNamed(prompt) ? prompt.EnumerateObject().Select(entry => entry.Name).ToArray() : null;
        var prompts = names is null
            ? CompatBody.OneOrMany(prompt, "prompt").Select(one => read(one.Value, one.Name)).ToArray()
            : prompt.EnumerateObject().Select(entry => read(entry.Value, $"prompt.{entry.Name}")).ToArray();
        var (cosines, model) = await Flow.CompareAsync(context, subject, prompts, AskOf(body));
        context.Response.Headers[ModelHeader] = model;
        return json => WriteComparison(json, cosines, names, began);
    }

    /// <summary>A version is a model's name; a model's id has <c>clip/</c> before it.</summary>
    private static CompatAsk AskOf(JsonElement body)
    {
        const string Task = "clip/";
        if (body.Text("clip_version_id") is { Length: > 0 } version)
        {
            return new CompatAsk(version, "clip_version_id");
        }

        var id = body.Text("model_id");
        return new CompatAsk(id?.StartsWith(Task, StringComparison.Ordinal) == true ? id[Task.Length..] : id, "model_id");
    }

    /// <summary>A mapping with a type and a value is one picture; any other is prompts by name.</summary>
    private static bool IsNamed(JsonElement prompt) =>
        prompt.ValueKind == JsonValueKind.Object && !(prompt.TryGetProperty("type", out _) && prompt.TryGetProperty("value", out _));

    private static Func<JsonElement, string, Document> Reader(JsonElement body, string field, string absent) =>
        (body.Text(field) ?? absent) switch
        {
            "image" => PictureOf,
            "text" => CompatBody.TextOf,
            var other => throw CompatBody.Wrong(field, $"'{other}' is neither 'image' nor 'text'"),
        };

    private static Document PictureOf(JsonElement value, string field)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return CompatBody.Base64Of(value.GetString(), field);
        }

        var type = value.Need("type", field).ToString();
        var content = value.Need("value", field);
        var text = content.ValueKind == JsonValueKind.String
            ? content.GetString()
            : throw CompatBody.Wrong($"{field}.value", "expected a text");
        return type switch
        {
            "base64" => CompatBody.Base64Of(text, $"{field}.value"),
            "url" => CompatBody.UriOf(text, $"{field}.value"),
            "numpy" => throw CompatBody.Wrong(
                $"{field}.type", "'numpy' is neither 'base64' nor 'url'; a pickled array is a program, and is not read"),
            _ => throw CompatBody.Wrong($"{field}.type", $"'{type}' is neither 'base64' nor 'url'"),
        };
    }

    private static void WriteComparison(Utf8JsonWriter json, float[] cosines, string[]? names, long began)
    {
        json.WriteStartObject();
        if (names is null)
        {
            json.WritePropertyName("similarity");
            WriteVector(json, cosines);
        }
        else
        {
            json.WriteStartObject("similarity");
            for (var i = 0; i < names.Length; i++)
            {
                json.WriteNumber(names[i], cosines[i]);
            }

            json.WriteEndObject();
        }

        WriteEnd(json, began);
    }

    private static void WriteEnd(Utf8JsonWriter json, long began)
    {
        json.WriteNumber("time", Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 6));
        json.WriteString("inference_id", NewId.Next());
        json.WriteEndObject();
    }
}
