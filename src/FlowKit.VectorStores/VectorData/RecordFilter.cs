using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Nodes;
using Record = System.Collections.Generic.Dictionary<string, object?>;

namespace FlowKit.VectorStores.VectorData;

/// <summary>
/// A filter as an expression that connectors read: comparisons of <c>record["tags_city"]</c> with values, joined by <c>&amp;&amp;</c> and
/// <c>||</c>. Each says what it means of a value that is not there, since databases take null for unknown, and <c>!</c> does not occur.
/// </summary>
/// <param name="schema">The properties.</param>
internal sealed class RecordFilter(RecordSchema schema)
{
    private static readonly ConstantExpression s_always = Expression.Constant(true);
    private static readonly ConstantExpression s_never = Expression.Constant(false);
    private static readonly System.Reflection.PropertyInfo s_item = typeof(Record).GetProperty("Item")!;

    private readonly ParameterExpression _record = Expression.Parameter(typeof(Record), "record");

    /// <summary>Reads a filter; <see langword="null"/> for one that holds for no record.</summary>
    /// <param name="filter">The filter; <see langword="null"/> for all documents.</param>
    /// <param name="after">The number that records must be beyond; <see langword="null"/> for all.</param>
    /// <exception cref="FlowKitException">A part of it has no counterpart.</exception>
    public RecordSelection? Read(DocumentCondition? filter, long? after = null)
    {
        var condition = filter is null ? s_always : Query(JsonNode.Parse(filter.ToString()), null, isNegated: false);
        if (after is { } row)
        {
            var beyond = Expression.GreaterThan(Property(RecordSchema.Row, typeof(long)), Expression.Constant(row));
            condition = Join([beyond, condition], isAnd: true);
        }

        if (condition == s_never)
        {
            return null;
        }

        return new RecordSelection(condition == s_always ? null : Expression.Lambda<Func<Record, bool>>(condition, _record));
    }

    private Expression Query(JsonNode? query, string? field, bool isNegated) => Join(Parts(query, field, isNegated), isAnd: !isNegated);

    private IEnumerable<Expression> Parts(JsonNode? query, string? field, bool isNegated) => query switch
    {
        JsonArray list => list.Select(part => Query(part, field, isNegated)),
        JsonObject parts => parts.Select(part => Part(part.Key, part.Value, field, isNegated)),
        _ => [],
    };

    private Expression Part(string key, JsonNode? value, string? field, bool isNegated)
    {
        switch (key)
        {
            case "$and":
                return Join(Parts(value, field, isNegated), isAnd: !isNegated);
            case "$or":
                return Join(Parts(value, field, isNegated), isAnd: isNegated);
            case "$not":
                return Query(value, field, !isNegated);
        }

        if (key.StartsWith('$'))
        {
            return Compare(field!, key[1..], value, isNegated);
        }

        if (value is JsonObject operators)
        {
            return Query(operators, key, isNegated);
        }

        var cut = key.LastIndexOf("__", StringComparison.Ordinal);
        return Compare(key[..cut], key[(cut + 2)..], value, isNegated);
    }

    private Expression Compare(string name, string operation, JsonNode? value, bool isNegated)
    {
        var field = schema.FieldOf(name) ?? throw Refuse(
            name, $"the collection filters by {string.Join(", ", schema.FieldNames)}; name it in Fields, and index again");
        return operation switch
        {
            "eq" or "exact" => Equal(field, value, name, isNegated),
            "neq" or "ne" => Equal(field, value, name, !isNegated),
            "in" => Join(value!.AsArray().Select(element => Equal(field, element, name, isNegated)), isAnd: isNegated),
            "nin" => Join(value!.AsArray().Select(element => Equal(field, element, name, !isNegated)), isAnd: !isNegated),
            "exists" => Equal(field, null, name, isNegated != value!.GetValue<bool>()),
            "gt" => Order(field, ExpressionType.GreaterThan, value, name, isNegated),
            "gte" => Order(field, ExpressionType.GreaterThanOrEqual, value, name, isNegated),
            "lt" => Order(field, ExpressionType.LessThan, value, name, isNegated),
            "lte" => Order(field, ExpressionType.LessThanOrEqual, value, name, isNegated),
            _ => throw Refuse(
                $"{name}.${operation}", "collections have no such operator; they have $eq, $neq, $in, $nin, $exists and orders"),
        };
    }

    /// <summary>A value of another kind is never equal, as in FlowKit's own filters: what is written has the field's kind.</summary>
    private Expression Equal(RecordField field, JsonNode? value, string name, bool isNegated)
    {
        var otherwise = isNegated ? s_always : s_never;
        var property = Property(field.Property, field.Type);
        if (value is null)
        {
            var sign = isNegated ? ExpressionType.NotEqual : ExpressionType.Equal;
            return field.IsId ? otherwise : Expression.MakeBinary(sign, property, Expression.Constant(null, field.Type));
        }

        if (Convert(field, value, name) is not { } known)
        {
            return otherwise;
        }

        var constant = Expression.Constant(known, field.Type);
        return isNegated ? OrNone(field, Expression.NotEqual(property, constant)) : Expression.Equal(property, constant);
    }

    private Expression Order(RecordField field, ExpressionType sign, JsonNode? value, string name, bool isNegated)
    {
        var known = Convert(field, value!, name);
        if (known is not null && field.Kind != FieldKind.Number)
        {
            throw Refuse(name, $"collections order numbers alone, and it is of the kind {field.Kind}");
        }

        if (known is null)
        {
            return isNegated ? s_always : s_never;
        }

        var property = Property(field.Property, field.Type);
        var constant = Expression.Constant(known, field.Type);
        return isNegated
            ? OrNone(field, Expression.MakeBinary(Opposite(sign), property, constant))
            : Expression.MakeBinary(sign, property, constant);
    }

    /// <summary>A condition that also holds where there is no value.</summary>
    private Expression OrNone(RecordField field, Expression condition) => field.IsId
        ? condition
        : Expression.OrElse(
            condition, Expression.Equal(Property(field.Property, field.Type), Expression.Constant(null, field.Type)));

    private static ExpressionType Opposite(ExpressionType sign) => sign switch
    {
        ExpressionType.GreaterThan => ExpressionType.LessThanOrEqual,
        ExpressionType.GreaterThanOrEqual => ExpressionType.LessThan,
        ExpressionType.LessThan => ExpressionType.GreaterThanOrEqual,
        _ => ExpressionType.GreaterThan,
    };

    /// <summary>The value in the field's kind; <see langword="null"/> for one that no value of this kind compares with.</summary>
    private static object? Convert(RecordField field, JsonNode value, string name) => (field.Kind, value.GetValueKind()) switch
    {
        (_, JsonValueKind.Object or JsonValueKind.Array) => throw Refuse(name, "collections compare with texts, numbers and flags alone"),
        (_, JsonValueKind.String) when value.GetValue<string>().StartsWith('{') =>
            throw Refuse(name, "collections do not compare with another field"),
        (FieldKind.Text, JsonValueKind.String) => value.GetValue<string>(),
        (FieldKind.Number, JsonValueKind.Number) => Number(value),
        (FieldKind.Number, JsonValueKind.True) => 1.0,
        (FieldKind.Number, JsonValueKind.False) => 0.0,
        (FieldKind.Flag, JsonValueKind.True) => true,
        (FieldKind.Flag, JsonValueKind.False) => false,
        (FieldKind.Flag, JsonValueKind.Number) => Number(value) switch { 1 => true, 0 => false, _ => null },
        _ => null,
    };

    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private UnaryExpression Property(string name, Type type) =>
        Expression.Convert(Expression.Call(_record, s_item.GetMethod!, Expression.Constant(name)), type);

    private static Expression Join(IEnumerable<Expression> parts, bool isAnd)
    {
        var (neutral, deciding) = isAnd ? (s_always, s_never) : (s_never, s_always);
        var kept = parts.Where(part => part != neutral).ToList();
        if (kept.Contains(deciding))
        {
            return deciding;
        }

        return kept.Count == 0 ? neutral : kept.Aggregate(isAnd ? Expression.AndAlso : Expression.OrElse);
    }

    private static FlowKitException Refuse(string name, string why) =>
        new(FlowErrorCode.InvalidArgument, $"parameters.filter: {name}: {why}.");
}
