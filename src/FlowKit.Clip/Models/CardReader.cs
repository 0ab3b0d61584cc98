using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace FlowKit.Clip.Models;

/// <summary>Makes cards of JSON: what is stated later wins over what was stated before.</summary>
internal static class CardReader
{
    // Not source-generated: generated code would set the values a card leaves out to nothing instead of to their defaults.
    internal static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads a JSON file that holds an object.</summary>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.InvalidArgument"/>, naming the file.</exception>
    internal static JsonObject ReadFile(string path, string what)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            CheckText(bytes);
            return JsonNode.Parse(bytes, documentOptions: Lenient) as JsonObject ?? throw new JsonException("it is not an object");
        }
        catch (JsonException exception)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The {what} {path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>A copy of <paramref name="under"/> with the values of <paramref name="over"/> in place of its own.</summary>
    internal static JsonObject Merge(JsonObject under, JsonObject over)
    {
        var merged = under.DeepClone().AsObject();
        foreach (var (key, value) in over)
        {
            merged[key] = value?.DeepClone();
        }

        if ((over.ContainsKey("logit_scale") || over.ContainsKey("logit_bias")) && !over.ContainsKey("scale_stated"))
        {
            merged["scale_stated"] = true;
        }

        return merged;
    }

    /// <summary>Text that is not Unicode would fail where it is first looked at, as another exception.</summary>
    private static void CheckText(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new JsonException("it is not UTF-8");
        }

        var reader = new Utf8JsonReader(
            json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            while (reader.Read())
            {
                _ = reader.ValueIsEscaped ? reader.GetString() : null;
            }
        }
        catch (InvalidOperationException)
        {
            throw new JsonException($"the text at byte {reader.TokenStartIndex} has half a surrogate pair without the other half");
        }
    }

    /// <summary>The card that the values make.</summary>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.InvalidArgument"/>: a value of the wrong kind.</exception>
    internal static ClipModelCard ToCard(JsonObject values, string source)
    {
        try
        {
            return values.Deserialize<ClipModelCard>(Format)!;
        }
        catch (JsonException exception)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The model card of {source} cannot be read: {exception.Message}",
                exception);
        }
    }
}
