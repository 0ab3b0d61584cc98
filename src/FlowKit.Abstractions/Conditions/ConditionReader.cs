using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>Reads a query. A field's own operators may also stand inside <c>$and</c>, <c>$or</c> and <c>$not</c> under it.</summary>
internal static class ConditionReader
{
    private const string Example = "such as {\"tags__price\": {\"$gt\": 3}}";
    private static readonly string[] Logical = ["$and", "$or", "$not"];

    /// <summary>Reads a whole query.</summary>
    public static ConditionNode Read(JsonNode query) => ReadQuery(query, "", field: null);

    private static ConditionNode ReadQuery(JsonNode? query, string place, string? field) => query switch
    {
        JsonObject or JsonArray => AllCondition.Of(ReadParts(query, place, field)),
        _ => throw QueryError.At(place, $"expected an object {Example}, found {Describe(query)}."),
    };

    private static ConditionNode[] ReadParts(JsonNode query, string place, string? field) => query switch
    {
        JsonArray array => [.. array.Select((element, i) => ReadQuery(element, $"{place}[{i}]", field))],
        _ => [.. query.AsObject().Select(entry => ReadEntry(entry.Key, entry.Value, Join(place, entry.Key), field))],
    };

    private static ConditionNode ReadEntry(string key, JsonNode? value, string place, string? field)
    {
        if (Logical.Contains(key))
        {
            return ReadLogical(key, value, place, field);
        }

        if (!key.StartsWith('$'))
        {
            return ReadField(key, value, place);
        }

        if (!FieldOperator.ByName.TryGetValue(key, out var found))
        {
            throw UnknownOperator(key, place);
        }

        if (field is null)
        {
            throw QueryError.At(place, $"an operator belongs under a field, {Example}.");
        }

        return ReadOperator(found, field, value, place);
    }

    private static ConditionNode ReadLogical(string key, JsonNode? value, string place, string? field)
    {
        if (value is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 }))
        {
            throw QueryError.At(
                place, $"expected at least one condition, as a list of queries or an object {Example}, found {Describe(value)}.");
        }

        var parts = ReadParts(value, place, field);
        return key switch
        {
            "$and" => AllCondition.Of(parts),
            "$or" => new AnyCondition(parts),
            _ => new NotCondition(AllCondition.Of(parts)),
        };
    }

    private static ConditionNode ReadField(string field, JsonNode? value, string place)
    {
        if (value is not JsonObject operators)
        {
            return ReadLookup(field, value, place);
        }

        if (operators.Count == 0)
        {
            throw QueryError.At(place, "expected at least one operator, such as {\"$eq\": 1}.");
        }

        if (operators.FirstOrDefault(entry => !entry.Key.StartsWith('$')) is { Key: { } name })
        {
            throw QueryError.At(
                Join(place, name),
                $"expected an operator, one of {Names(FieldOperator.ByName.Keys)}; a part of a field is written {field}__{name}.");
        }

        return AllCondition.Of(ReadParts(operators, place, field));
    }

    private static ConditionNode ReadLookup(string key, JsonNode? value, string place)
    {
        var cut = key.LastIndexOf("__", StringComparison.Ordinal);
        var name = cut > 0 ? key[(cut + 2)..] : "";
        if (FieldOperator.ByLookup.TryGetValue(name, out var lookup))
        {
            return ReadOperator(lookup, key[..cut], value, place);
        }

        throw QueryError.At(place, $"expected an object of operators such as {{\"$eq\": {value?.ToJsonString() ?? "null"}}}, found "
            + $"{Describe(value)}{NearestName.Hint(name, FieldOperator.ByLookup.Keys)}; a value alone follows only a lookup, as in "
            + $"{key}__exact.");
    }

    private static ConditionNode ReadOperator(FieldOperator found, string field, JsonNode? value, string place)
    {
        var path = FieldPath.Parse(field, place);
        if (path.IsOpaque && found.Form is not (OperandForm.Size or OperandForm.Flag))
        {
            throw QueryError.At(place, $"'{field}' can only be asked for $size and $exists.");
        }

        return found.Form switch
        {
            OperandForm.Flag => new ExistsCondition(path, OperandReader.ReadFlag(value, place)),
            OperandForm.Circle => ReadCircle(path, value, place),
            OperandForm.Pattern => new PatternCondition(path, OperandReader.ReadPattern(value, place)),
            _ => new ComparisonCondition(path, found.Holds!, OperandReader.Read(found.Form, value, place)),
        };
    }

    private static GeoCondition ReadCircle(FieldPath path, JsonNode? value, string place)
    {
        var (center, radius) = OperandReader.ReadCircle(value, place);
        return new GeoCondition(path, center, radius);
    }

    private static FlowKitException UnknownOperator(string name, string place)
    {
        string[] known = [.. Logical, .. FieldOperator.ByName.Keys];
        return QueryError.At(place, $"unknown operator '{name}'{NearestName.Hint(name, known)}; expected one of {Names(known)}.");
    }

    private static string Names(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));

    private static string Join(string place, string key) => place.Length == 0 ? key : $"{place}.{key}";

    private static string Describe(JsonNode? node) => OperandReader.Describe(node);
}
