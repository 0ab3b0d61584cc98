using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>The short names of tags in a store's filter.</summary>
internal static class TagNames
{
    /// <summary>Returns a query in which every name that is no field of documents has <c>tags__</c> before it.</summary>
    public static JsonNode? Complete(JsonNode? query) => query switch
    {
        JsonArray list => new JsonArray([.. list.Select(Complete)]),
        JsonObject parts => new JsonObject(parts.Select(part => KeyValuePair.Create(NameOf(part.Key), ValueOf(part.Key, part.Value)))),
        _ => query?.DeepClone(),
    };

    private static string NameOf(string key)
    {
        var cut = key.IndexOf("__", StringComparison.Ordinal);
        var head = cut < 0 ? key : key[..cut];
        return key.StartsWith('$') || DocumentField.ByName.ContainsKey(head) ? key : $"tags__{key}";
    }

    /// <summary>The value behind an operator as it is, and the query behind any other key completed.</summary>
    private static JsonNode? ValueOf(string key, JsonNode? value) =>
        FieldOperator.ByName.ContainsKey(key) ? value?.DeepClone() : Complete(value);
}
