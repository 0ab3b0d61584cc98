using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Wire.Proto;

namespace FlowKit.Wire;

/// <summary>A failed document's error as JSON, and where protobuf, which has no field for it, carries it.</summary>
internal static class DocumentErrors
{
    private const int MetadataField = 20;

    /// <summary>The name in <c>_metadata</c> under which protobuf carries it.</summary>
    public const string Key = "__error__";

    public static JsonObject ToJson(FlowError error) => new()
    {
        ["code"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(error.Code.ToString()),
        ["description"] = error.Message,
        ["executor"] = error.Executor,
    };

    /// <summary>Reads an error leniently: it is shown to people, and nothing else hangs on it.</summary>
    public static FlowError FromJson(JsonObject error)
    {
        var code = Text(error, "code")?.Replace("_", "", StringComparison.Ordinal);
        return new FlowError(
            Enum.TryParse<FlowErrorCode>(code, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : FlowErrorCode.Internal,
            Text(error, "description") ?? "")
        {
            Executor = Text(error, "executor"),
        };
    }

    /// <summary>Takes the error out of a document's metadata.</summary>
    /// <returns>The error; null when the document did not fail.</returns>
    public static FlowError? TakeFrom(JsonObject metadata)
    {
        if (!metadata.TryGetPropertyValue(Key, out var value) || value is not JsonObject error)
        {
            return null;
        }

        metadata.Remove(Key);
        return FromJson(error);
    }

    /// <summary>
    /// Tells whether a document that is not decoded may carry an error: its metadata, or in v2 any of its entries, has the name of one.
    /// </summary>
    public static bool MayBeIn(ref ProtoReader document, DocArrayDialect dialect)
    {
        var found = false;
        while (document.Next())
        {
            var field = document.Skip();
            found |= (dialect == DocArrayDialect.V2 || document.Field == MetadataField) && field.Span.IndexOf("__error__"u8) >= 0;
        }

        return found;
    }

    private static string? Text(JsonObject values, string name) =>
        values.TryGetPropertyValue(name, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
