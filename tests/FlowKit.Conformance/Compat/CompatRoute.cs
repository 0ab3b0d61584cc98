using System.Text.Json.Nodes;

namespace FlowKit.Conformance.Compat;

/// <summary>A route that embeds what is in a list, as the other system has it.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Field">The field of the list, by which errors name an item: <c>text</c> for <c>text[2]</c>.</param>
/// <param name="Body">Makes the body of a list.</param>
/// <param name="Item">Makes a valid item of a number.</param>
/// <param name="Embeddings">Takes the embeddings from the reply.</param>
public sealed record CompatRoute(
    string Path, string Field, Func<JsonArray, JsonObject> Body, Func<int, JsonNode> Item, Func<JsonNode, JsonArray> Embeddings)
{
    /// <summary>Items that are none, as JSON, besides those that are none in any family.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Path;
}
