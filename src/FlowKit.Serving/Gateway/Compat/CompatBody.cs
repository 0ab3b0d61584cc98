using System.Text.Json;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>Reads fields of a body; what is wrong with one is told by its name, which is the id of the document made of it.</summary>
internal static class CompatBody
{
    private const string DataUri = "data:";

    /// <summary>A field that must be there.</summary>
    /// <param name="body">What has it.</param>
    /// <param name="field">The field.</param>
    /// <param name="parent">The name of what has it; <see langword="null"/> for the whole body.</param>
    public static JsonElement Need(this JsonElement body, string field, string? parent = null)
    {
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        throw Wrong(parent is null ? field : $"{parent}.{field}", "field required");
    }

    /// <summary>A text that may be left out.</summary>
    public static string? Text(this JsonElement body, string field)
    {
        if (!body.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(field, "expected a text");
    }

    /// <summary>A whole number of at least 1 that may be left out.</summary>
    public static int? Count(this JsonElement body, string field)
    {
        if (!body.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 1
            ? count
            : throw Wrong(field, "expected a whole number of at least 1");
    }

    /// <summary>Returns the elements of a list, each with its name for errors, or else the value as the only element.</summary>
    public static IReadOnlyList<(string Name, JsonElement Value)> OneOrMany(JsonElement value, string field) =>
        value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select((item, place) => ($"{field}[{place}]", item))]
            : [(field, value)];

    /// <summary>A document with a text.</summary>
    public static Document TextOf(JsonElement value, string field) => value.ValueKind == JsonValueKind.String
        ? new Document(field) { Text = value.GetString() }
        : throw Wrong(field, "expected a text");

    /// <summary>A document with a picture in base64, with or without <c>data:</c> before it.</summary>
    public static Document Base64Of(string? value, string field)
    {
        var text = value ?? throw Wrong(field, "expected base64");
        var data = text.StartsWith(DataUri, StringComparison.OrdinalIgnoreCase)
            && text.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma ? text[(comma + 1)..] : text;
        return Base64Text.TryDecode(data, out var bytes)
            ? new Document(field) { Blob = bytes }
            : throw Wrong(field, "it is not valid base64");
    }

    /// <summary>A document with the address of a picture; whether it may be fetched, the flow's decoder says.</summary>
    public static Document UriOf(string? value, string field) =>
        new(field) { Uri = string.IsNullOrEmpty(value) ? throw Wrong(field, "expected an address") : value };

    public static FlowKitException Wrong(string field, string reason) => new(FlowErrorCode.InvalidArgument, $"{field}: {reason}");
}
