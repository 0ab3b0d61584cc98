namespace FlowKit.Executors.Filters;

/// <summary>A field of the document as an expression over the column <c>fields</c>.</summary>
/// <param name="Name">The name as the filter writes it.</param>
/// <param name="Default">The value of the field where the document has none; <see langword="null"/> for a part, which then is null.</param>
/// <param name="Path">The way to it inside the document.</param>
internal sealed record SqlField(string Name, string? Default, IReadOnlyList<string> Path)
{
    private static readonly Dictionary<string, string> s_defaults = new(StringComparer.Ordinal)
    {
        ["id"] = "\"\"",
        ["parent_id"] = "\"\"",
        ["text"] = "\"\"",
        ["uri"] = "\"\"",
        ["modality"] = "\"\"",
        ["mime_type"] = "\"\"",
        ["granularity"] = "0",
        ["adjacency"] = "0",
        ["weight"] = "0",
        ["offset"] = "0",
        ["tags"] = "{}",
        ["_metadata"] = "{}",
        ["location"] = "[]",
    };

    /// <summary>Reads a path such as <c>tags__a__b</c>.</summary>
    /// <exception cref="FlowKitException">PostgreSQL is not asked for such a field.</exception>
    public static SqlField Parse(string name)
    {
        // The name of metadata begins with the sign that separates parts elsewhere.
        var cut = name.IndexOf("__", Math.Min(1, name.Length), StringComparison.Ordinal);
        var head = cut < 0 ? name : name[..cut];
        if (!s_defaults.TryGetValue(head, out var empty))
        {
            throw Refuse(name, $"PostgreSQL is asked for {string.Join(", ", s_defaults.Keys)} and tags__NAME alone");
        }

        return cut < 0 ? new SqlField(name, empty, [head]) : new SqlField(name, null, [head, .. name[(cut + 2)..].Split("__")]);
    }

    /// <summary>An error that names the field.</summary>
    public static FlowKitException Refuse(string name, string why) =>
        new(FlowErrorCode.InvalidArgument, $"parameters.filter: {name}: {why}.");
}
