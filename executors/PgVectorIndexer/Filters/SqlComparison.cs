using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace FlowKit.Executors.Filters;

/// <summary>Operators as SQL. A comparison that does not fit the kind of a value does not hold, as in FlowKit's own filters.</summary>
/// <param name="schema">The schema of FlowKit's functions.</param>
internal sealed partial class SqlComparison(string schema)
{
    /// <summary>The values, for the places <c>$1</c>, <c>$2</c> … in the text.</summary>
    public List<NpgsqlParameter> Parameters { get; } = [];

    /// <summary>Writes an operator between a field and a value.</summary>
    /// <exception cref="FlowKitException">SQL would answer otherwise.</exception>
    public string Write(SqlField field, string name, JsonNode? value)
    {
        var column = Column(field);
        return name switch
        {
            "eq" or "exact" => Equal(column, value),
            "neq" or "ne" => $"NOT coalesce({Equal(column, value)}, false)",
            "gt" => Order(column, ">", value),
            "gte" => Order(column, ">=", value),
            "lt" => Order(column, "<", value),
            "lte" => Order(column, "<=", value),
            "in" => In(column, value),
            "nin" => $"NOT {In(column, value)}",
            "size" => $"{Size(column)} = {Number(value)}",
            "exists" => $"({Exists(field, column)}) = {(value!.GetValue<bool>() ? "true" : "false")}",
            "regex" => $"{Text(column)} ~ {Pattern(field, value!.GetValue<string>())}",
            "contains" => Contains(column, value),
            "startswith" => $"starts_with({Text(column)}, {Parameter(value!.GetValue<string>())})",
            "endswith" => EndsWith(column, value!.GetValue<string>()),
            "geo_radius" => Within(column, value!),
            _ => throw SqlField.Refuse($"{field.Name}.{name}", "PostgreSQL has other rules for letters; use $eq, $regex or contains"),
        };
    }

    private static string Text(string column) => $"(CASE jsonb_typeof({column}) WHEN 'string' THEN {column} #>> '{{}}' END) COLLATE \"C\"";

    private static string AsNumber(string column) =>
        $"(CASE jsonb_typeof({column}) WHEN 'number' THEN ({column} #>> '{{}}')::float8"
        + $" WHEN 'boolean' THEN (CASE WHEN {column} = 'true' THEN 1 ELSE 0 END)::float8 END)";

    private static string Size(string column) =>
        $"(CASE jsonb_typeof({column}) WHEN 'array' THEN jsonb_array_length({column}) WHEN 'string' THEN char_length({column} #>> '{{}}')"
        + $" WHEN 'object' THEN (SELECT count(*) FROM jsonb_object_keys({column})) END)";

    private static string Exists(SqlField field, string column) => field switch
    {
        { Default: null } => $"{column} IS NOT NULL AND {column} <> 'null'",
        { Name: "id" } => "true",
        _ => $"{column} <> '{field.Default}'::jsonb",
    };

    private string Column(SqlField field)
    {
        if (field.Name == "id")
        {
            return "to_jsonb(id)";
        }

        Parameters.Add(new NpgsqlParameter { Value = field.Path.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        var part = $"(fields #> ${Parameters.Count})";
        return field.Default is null ? part : $"coalesce({part}, '{field.Default}'::jsonb)";
    }

    private string Equal(string column, JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => $"({column} IS NULL OR {column} = 'null')",
        JsonValueKind.String => $"{Text(column)} = {Parameter(value!.GetValue<string>())}",
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => $"{AsNumber(column)} = {Number(value)}",
        JsonValueKind.Object when value["$date"] is not null => Order(column, "=", value),
        _ => $"{column} = {Json(value!)}",
    };

    private string Order(string column, string sign, JsonNode? value)
    {
        if (value is JsonObject moment)
        {
            var date = DateTimeOffset.Parse(
                moment["$date"]!.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            return $"{schema}.flowkit_moment({column}) {sign} {Parameter(date.ToUnixTimeMilliseconds() / 1000.0)}";
        }

        return value!.GetValueKind() == JsonValueKind.String
            ? $"{Text(column)} {sign} {Parameter(value.GetValue<string>())}"
            : $"{AsNumber(column)} {sign} {Number(value)}";
    }

    private string In(string column, JsonNode? value)
    {
        var parts = value!.AsArray().Select(element => $"coalesce({Equal(column, element)}, false)").ToList();
        return parts.Count == 0 ? "false" : $"({string.Join(" OR ", parts)})";
    }

    private string Contains(string column, JsonNode? value)
    {
        var json = Json(value!);
        var element = $"(jsonb_typeof({column}) = 'array' AND {column} @> {json})";
        if (value!.GetValueKind() != JsonValueKind.String)
        {
            return element;
        }

        var text = Parameter(value.GetValue<string>());
        return $"({element} OR strpos({Text(column)}, {text}) > 0 OR (jsonb_typeof({column}) = 'object' AND {column} ? {text}))";
    }

    private string EndsWith(string column, string end) =>
        end.Length == 0 ? $"{Text(column)} IS NOT NULL" : $"right({Text(column)}, char_length({Parameter(end)})) = ${Parameters.Count}";

    private string Within(string column, JsonNode circle)
    {
        var (latitude, longitude) = (AsNumber($"({column} -> 'lat')"), AsNumber($"({column} -> 'lon')"));
        var (lat, lon) = (Number(circle["center"]!["lat"]), Number(circle["center"]!["lon"]));
        var radius = Number(circle["radius"]);
        return $"(jsonb_typeof({column} -> 'lat') = 'number' AND jsonb_typeof({column} -> 'lon') = 'number'"
            + $" AND {latitude} BETWEEN -90 AND 90 AND {longitude} BETWEEN -180 AND 180"
            + $" AND 2 * 6371008.8 * asin(least(1, sqrt(sin(radians({lat} - {latitude}) / 2) ^ 2"
            + $" + sin(radians({lon} - {longitude}) / 2) ^ 2 * cos(radians({latitude})) * cos(radians({lat}))))) <= {radius})";
    }

    /// <summary>Both languages read the plain part of regular expressions alike; a dot passes over no line's end in either.</summary>
    private string Pattern(SqlField field, string pattern) => Plain().IsMatch(pattern) && !pattern.Contains("(?", StringComparison.Ordinal)
        ? Parameter($"(?p){pattern}")
        : throw SqlField.Refuse(
            $"{field.Name}.$regex",
            $"PostgreSQL reads '{pattern}' otherwise; use letters, digits, spaces, . [] () | * + ? ^ and $ alone");

    private string Json(JsonNode value)
    {
        Parameters.Add(new NpgsqlParameter { Value = value.ToJsonString(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        return $"${Parameters.Count}";
    }

    private string Number(JsonNode? value) => value!.GetValueKind() switch
    {
        JsonValueKind.True => Parameter(1.0),
        JsonValueKind.False => Parameter(0.0),
        _ => Parameter(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)),
    };

    private string Parameter(object value)
    {
        Parameters.Add(new NpgsqlParameter { Value = value });
        return $"${Parameters.Count}";
    }

    [GeneratedRegex(@"^[\p{L}\p{N} _,:;/@#%&=<>~'""!\-.\[\]()|*+?^$]*\z")]
    private static partial Regex Plain();
}
