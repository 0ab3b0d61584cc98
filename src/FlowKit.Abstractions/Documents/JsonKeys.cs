using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>
/// Finds keys that stand twice in an object: a <see cref="JsonObject"/> does so only when it is first looked into, which may be late and
/// elsewhere.
/// </summary>
internal static class JsonKeys
{
    /// <summary>Looks into all objects of a tree.</summary>
    /// <param name="node">The tree.</param>
    /// <exception cref="ArgumentException">A key stands twice.</exception>
    public static void Check(JsonNode? node)
    {
        var children = node switch
        {
            JsonObject values => values.Select(pair => pair.Value),
            JsonArray values => values,
            _ => [],
        };
        foreach (var child in children)
        {
            Check(child);
        }
    }
}
