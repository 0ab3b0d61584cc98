using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace FlowKit.Executors.Filters;

/// <summary>
/// A filter as a condition of SQL that holds for the same documents. Every part is true or false and never unknown, so that <c>$not</c>
/// means what it says. What SQL would answer otherwise is refused by name.
/// </summary>
/// <param name="schema">The schema of FlowKit's functions.</param>
internal sealed class SqlFilter(string schema)
{
    private readonly SqlComparison _comparison = new(schema);

    /// <summary>The values of the filter, for the places <c>$1</c>, <c>$2</c> … in it.</summary>
    public List<NpgsqlParameter> Parameters => _comparison.Parameters;

    /// <summary>Writes a filter, which has been checked already.</summary>
    /// <exception cref="FlowKitException">A part of it has no counterpart in SQL.</exception>
    public string Write(DocumentCondition filter) => Query(JsonNode.Parse(filter.ToString()), field: null);

    private string Query(JsonNode? query, string? field) => All(Parts(query, field), "AND", "true");

    private IEnumerable<string> Parts(JsonNode? query, string? field) => query switch
    {
        JsonArray list => list.Select(part => Query(part, field)),
        JsonObject parts => parts.Select(part => Part(part.Key, part.Value, field)),
        _ => [],
    };

    private string Part(string key, JsonNode? value, string? field)
    {
        switch (key)
        {
            case "$and":
                return All(Parts(value, field), "AND", "true");
            case "$or":
                return All(Parts(value, field), "OR", "false");
            case "$not":
                return $"(NOT {All(Parts(value, field), "AND", "true")})";
        }

        if (key.StartsWith('$'))
        {
            return Compare(field!, key[1..], value);
        }

        if (value is JsonObject operators)
        {
            return Query(operators, key);
        }

        var cut = key.LastIndexOf("__", StringComparison.Ordinal);
        return Compare(key[..cut], key[(cut + 2)..], value);
    }

    private string Compare(string field, string name, JsonNode? value)
    {
        if (value is JsonValue && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().StartsWith('{'))
        {
            throw SqlField.Refuse(field, "PostgreSQL is not asked to compare with another field");
        }

        return $"coalesce({_comparison.Write(SqlField.Parse(field), name, value)}, false)";
    }

    private static string All(IEnumerable<string> parts, string word, string none)
    {
        var all = parts.ToList();
        return all.Count == 0 ? none : $"({string.Join($" {word} ", all)})";
    }
}
