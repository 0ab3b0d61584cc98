using System.Text.Json.Nodes;

namespace FlowKit.Components.Schemas;

/// <summary>
/// The schema of documents with the fields of DocArray up to 0.21, which DocArray v2 has as LegacyDocument. A gateway makes its own class
/// of it, and cannot make one that holds itself: chunks and matches are described without their own.
/// </summary>
internal static class LegacyModel
{
    public static NamedModel Model { get; } = new("LegacyDocument", Make());

    private static JsonObject Make()
    {
        var properties = Fields();
        properties["chunks"] = new JsonObject { ["title"] = "Chunks", ["type"] = "array", ["items"] = Nested() };
        properties["matches"] = new JsonObject { ["title"] = "Matches", ["type"] = "array", ["items"] = Nested() };
        return new JsonObject { ["title"] = "LegacyDocument", ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject Nested() => new() { ["title"] = "LegacyDocument", ["type"] = "object", ["properties"] = Fields() };

    private static JsonObject Fields() => new()
    {
        ["id"] = Titled("Id", "string"),
        ["tensor"] = JsonModel.Array("Tensor"),
        ["blob"] = new JsonObject { ["title"] = "Blob" },
        ["text"] = Titled("Text", "string"),
        ["url"] = Titled("Url", "string"),
        ["embedding"] = JsonModel.Array("Embedding"),
        ["tags"] = Titled("Tags", "object"),
        ["scores"] = Titled("Scores", "object"),
    };

    private static JsonObject Titled(string title, string type) => new() { ["title"] = title, ["type"] = type };
}
