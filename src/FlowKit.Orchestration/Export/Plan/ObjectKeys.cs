using System.Text.Json.Nodes;

namespace FlowKit.Orchestration.Export.Plan;

/// <summary>Keys of what is written.</summary>
internal static class ObjectKeys
{
    /// <summary>Sets a key that is not left at its default.</summary>
    /// <param name="keys">The object.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="isSet">Whether it is set.</param>
    public static void SetIf(this JsonObject keys, string key, JsonNode? value, bool isSet)
    {
        if (isSet)
        {
            keys[key] = value;
        }
    }
}
