using System.Text.Json.Nodes;

namespace FlowKit.Configuration.Equality;

/// <summary>Gives collections value equality.</summary>
internal static class Equatable
{
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> items) => items as EquatableList<T> ?? new EquatableList<T>(items);

    public static IReadOnlyDictionary<string, T> Of<T>(IReadOnlyDictionary<string, T> entries) =>
        entries as EquatableMap<T> ?? new EquatableMap<T>(entries);

    public static EquatableJson Of(JsonObject json) => new(json);
}
