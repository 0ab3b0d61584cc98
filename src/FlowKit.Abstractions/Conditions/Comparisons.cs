using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>The operators: Python's comparisons, but false where Python raises.</summary>
internal static class Comparisons
{
    /// <summary>
    /// Equal: numbers and flags by number, text by characters, lists and objects by their parts, null only to null, moments by when they
    /// are.
    /// </summary>
    public static bool AreEqual(in FieldValue field, in FieldValue operand) => field.Kind switch
    {
        _ when operand.Kind == FieldKind.Moment => Order(field, operand) == 0,
        FieldKind.None => operand.Kind == FieldKind.None,
        FieldKind.Number or FieldKind.Flag => field.AsNumber == operand.AsNumber,
        FieldKind.Text => string.Equals(field.AsText, operand.AsText, StringComparison.Ordinal),
        FieldKind.Json => operand.AsJson is { } json && AreEqual(field.AsJson!, json),
        _ => false,
    };

    public static bool AreNotEqual(in FieldValue field, in FieldValue operand) => !AreEqual(field, operand);

    public static bool AreEqualIgnoringCase(in FieldValue field, in FieldValue operand) =>
        field.AsText is { } text && operand.AsText is { } other
            ? text.Equals(other, StringComparison.OrdinalIgnoreCase)
            : AreEqual(field, operand);

    public static bool IsGreater(in FieldValue field, in FieldValue operand) => Order(field, operand) > 0;

    public static bool IsAtLeast(in FieldValue field, in FieldValue operand) => Order(field, operand) >= 0;

    public static bool IsLess(in FieldValue field, in FieldValue operand) => Order(field, operand) < 0;

    public static bool IsAtMost(in FieldValue field, in FieldValue operand) => Order(field, operand) <= 0;

    public static bool IsIn(in FieldValue field, in FieldValue operand) => Holds(operand, field, StringComparison.Ordinal);

    public static bool IsNotIn(in FieldValue field, in FieldValue operand) => !IsIn(field, operand);

    public static bool Contains(in FieldValue field, in FieldValue operand) => Holds(field, operand, StringComparison.Ordinal);

    public static bool ContainsIgnoringCase(in FieldValue field, in FieldValue operand) =>
        Holds(field, operand, StringComparison.OrdinalIgnoreCase);

    public static bool StartsWith(in FieldValue field, in FieldValue operand) =>
        field.AsText is { } text && operand.AsText is { } start && text.StartsWith(start, StringComparison.Ordinal);

    public static bool StartsWithIgnoringCase(in FieldValue field, in FieldValue operand) =>
        field.AsText is { } text && operand.AsText is { } start && text.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    public static bool EndsWith(in FieldValue field, in FieldValue operand) =>
        field.AsText is { } text && operand.AsText is { } end && text.EndsWith(end, StringComparison.Ordinal);

    public static bool EndsWithIgnoringCase(in FieldValue field, in FieldValue operand) =>
        field.AsText is { } text && operand.AsText is { } end && text.EndsWith(end, StringComparison.OrdinalIgnoreCase);

    public static bool HasSize(in FieldValue field, in FieldValue operand) => field.Size is { } size && size == operand.AsNumber;

    /// <summary>Null when the two have no order, so that no comparison holds.</summary>
    private static int? Order(in FieldValue field, in FieldValue operand)
    {
        if (operand.Kind != FieldKind.Moment && field.AsText is { } text)
        {
            return operand.AsText is { } other ? string.CompareOrdinal(text, other) : null;
        }

        var (left, right) = operand.Kind == FieldKind.Moment ? (field.AsMoment, operand.AsMoment) : (field.AsNumber, operand.AsNumber);
        return double.IsNaN(left) || double.IsNaN(right) ? null : left.CompareTo(right);
    }

    /// <summary>Python's <c>in</c>: a part of a text, an element of a list, a key of an object.</summary>
    private static bool Holds(in FieldValue whole, in FieldValue part, StringComparison comparison) =>
        (whole.AsText, whole.AsList, whole.AsJson) switch
        {
            ({ } text, _, _) => part.AsText is { } wanted && text.Contains(wanted, comparison),
            (_, { } list, _) => HoldsElement(list, part),
            (_, _, JsonArray array) => HoldsElement(array, part, comparison),
            (_, _, JsonObject entries) => part.AsText is { } key && HoldsKey(entries, key, comparison),
            _ => false,
        };

    private static bool HoldsElement(FieldValue[] list, in FieldValue part)
    {
        foreach (ref readonly var element in list.AsSpan())
        {
            if (AreEqual(part, element))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HoldsElement(JsonArray array, in FieldValue part, StringComparison comparison)
    {
        foreach (var node in array)
        {
            var element = FieldValue.Of(node);
            if (comparison == StringComparison.Ordinal ? AreEqual(part, element) : AreEqualIgnoringCase(part, element))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HoldsKey(JsonObject entries, string key, StringComparison comparison) =>
        entries.ContainsKey(key) || (comparison != StringComparison.Ordinal && entries.Any(entry => entry.Key.Equals(key, comparison)));

    private static bool AreEqual(JsonNode left, JsonNode right) => (left, right) switch
    {
        (JsonArray one, JsonArray other) =>
            one.Count == other.Count && one.Zip(other).All(pair => AreEqual(FieldValue.Of(pair.First), FieldValue.Of(pair.Second))),
        (JsonObject one, JsonObject other) =>
            one.Count == other.Count && one.All(
                pair => other.TryGetPropertyValue(pair.Key, out var value) && AreEqual(FieldValue.Of(pair.Value), FieldValue.Of(value))),
        _ => false,
    };
}
