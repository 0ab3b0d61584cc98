using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit;

/// <summary>A value of a document or of a query, without boxing.</summary>
internal readonly struct FieldValue
{
    private readonly double _number;
    private readonly object? _object;

    private FieldValue(FieldKind kind, double number, object? value) => (Kind, _number, _object) = (kind, number, value);

    /// <summary>Its kind.</summary>
    public FieldKind Kind { get; }

    /// <summary>The number, true as 1 and false as 0; not a number for anything else.</summary>
    public double AsNumber => Kind is FieldKind.Number or FieldKind.Flag ? _number : double.NaN;

    /// <summary>
    /// Seconds since 1970 of a moment: of an ISO 8601 text (without an offset it is UTC's), or of a number that is such seconds itself; not
    /// a number for anything else.
    /// </summary>
    public double AsMoment => Kind switch
    {
        FieldKind.Moment or FieldKind.Number => _number,
        FieldKind.Text when Moment.TryParse(AsText!, out var moment) => Of(moment)._number,
        _ => double.NaN,
    };

    /// <summary>The text, or <see langword="null"/> for anything else.</summary>
    public string? AsText => _object as string;

    /// <summary>The JSON object or array, or <see langword="null"/> for anything else.</summary>
    public JsonNode? AsJson => _object as JsonNode;

    /// <summary>The list, or <see langword="null"/> for anything else.</summary>
    public FieldValue[]? AsList => _object as FieldValue[];

    /// <summary>Tells whether DocArray holds it to be a default: null, 0, <c>""</c>, nothing in it.</summary>
    public bool IsEmpty => Kind switch
    {
        FieldKind.None => true,
        FieldKind.Number => _number == 0,
        FieldKind.Text or FieldKind.Json or FieldKind.Sized => Size == 0,
        _ => false,
    };

    /// <summary>
    /// The number of characters (code points), entries, bytes, rows or documents that it has; <see langword="null"/> when it has none by
    /// nature.
    /// </summary>
    public int? Size => (Kind, _object) switch
    {
        (FieldKind.Sized, _) => (int)_number,
        (_, string text) => CountCharacters(text),
        (_, JsonObject value) => value.Count,
        (_, JsonArray value) => value.Count,
        _ => null,
    };

    public static FieldValue Of(string? text) => text is null ? default : new(FieldKind.Text, 0, text);

    public static FieldValue Of(double number) => new(FieldKind.Number, number, null);

    public static FieldValue Of(FieldValue[] list) => new(FieldKind.List, 0, list);

    public static FieldValue OfSize(int size) => new(FieldKind.Sized, size, null);

    /// <summary>An array: its size is its first dimension, as Python's <c>len</c> has it.</summary>
    public static FieldValue Of(NdArray? array) => array is null ? default : OfSize(array.Rank == 0 ? 1 : array.Shape[0]);

    public static FieldValue Of(JsonNode? node) => node switch
    {
        null => default,
        JsonValue value => OfScalar(value),
        _ => new(FieldKind.Json, 0, node),
    };

    /// <summary>A moment, for comparisons with a field that holds one.</summary>
    public static FieldValue Of(DateTimeOffset moment) => new(FieldKind.Moment, moment.ToUnixTimeMilliseconds() / 1000.0, null);

    /// <summary>The same value, which no longer keeps the document alive that it was read from.</summary>
    public FieldValue Detach() => AsJson is { Parent: not null } json ? new(Kind, _number, json.DeepClone()) : this;

    private static FieldValue OfScalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => new(FieldKind.Flag, 1, null),
        JsonValueKind.False => new(FieldKind.Flag, 0, null),
        JsonValueKind.Number => Of(ToNumber(value)),
        JsonValueKind.Null => default,
        _ => Of(value.TryGetValue<string>(out var text) ? text : JsonNode.Parse(value.ToJsonString())!.GetValue<string>()),
    };

    private static double ToNumber(JsonValue value)
    {
        if (value.TryGetValue<double>(out var real))
        {
            return real;
        }

        if (value.TryGetValue<long>(out var whole))
        {
            return whole;
        }

        if (value.TryGetValue<int>(out var small))
        {
            return small;
        }

        return double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
    }

    private static int CountCharacters(string text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                count--;
                i++;
            }
        }

        return count;
    }
}
