using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FlowKit;

/// <summary>
/// Describes what a request says beside its documents: Jina's <c>parameters</c>. Values are read leniently, since other clients send
/// every number as a double. An executor that reports them gives their values back.
/// </summary>
[JsonConverter(typeof(ParametersJsonConverter))]
public sealed class Parameters
{
    /// <summary>The place where executors' results are reported.</summary>
    public const string ResultsKey = "__results__";

    private const int MaxExcerptLength = 80;

    /// <summary>Options of every typed read: snake_case or camelCase names, numbers also as strings.</summary>
    public static readonly JsonSerializerOptions ReadOptions = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>The same for each class.</summary>
    internal static readonly TypedJson Json = new(ReadOptions);

    private JsonObject? _values;

    /// <summary>Makes empty parameters.</summary>
    public Parameters()
    {
    }

    /// <summary>Wraps a JSON object.</summary>
    /// <param name="values">The object; it is not copied.</param>
    public Parameters(JsonObject values) => _values = values;

    /// <summary>Tells whether nothing is said.</summary>
    public bool IsEmpty => _values is null or { Count: 0 };

    /// <summary>The raw values.</summary>
    public JsonObject Values => _values ?? Interlocked.CompareExchange(ref _values, [], null) ?? _values;

    /// <summary>Reads one value.</summary>
    /// <typeparam name="T">What it should be.</typeparam>
    /// <param name="name">Its name in snake_case.</param>
    /// <param name="fallback">What it is when it is absent or null.</param>
    /// <exception cref="FlowKitException">The value is there but is not a <typeparamref name="T"/>.</exception>
    public T? Get<T>(string name, T? fallback = default)
    {
        if (!Values.TryGetPropertyValue(name, out var node) || node is null)
        {
            return fallback;
        }

        try
        {
            return node is JsonValue value && TryReadWhole<T>(value, out var whole) ? whole : node.Deserialize<T>(Json.For(typeof(T)));
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"parameters.{name}: {Excerpt(node.ToJsonString())} is not a valid {Describe(typeof(T))}.",
                exception);
        }
    }

    /// <summary>Binds all values to a class; names it does not know are left alone, since they may be another executor's.</summary>
    /// <param name="type">A class with a parameterless constructor.</param>
    public object Bind(Type type)
    {
        try
        {
            return Values.Deserialize(type, Json.For(type)) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, Explain(exception, type), exception);
        }
    }

    private string Explain(JsonException exception, Type type)
    {
        var field = exception.Path is { Length: > 2 } path ? path[2..] : "?";
        var property = Json.For(type).GetTypeInfo(type).Properties
            .FirstOrDefault(each => string.Equals(each.Name, field, StringComparison.OrdinalIgnoreCase));
        return property is not null && Values[field] is { } value
            ? $"parameters.{field} is not valid: expected {Expected(property.PropertyType)}, not {Excerpt(value.ToJsonString())}."
            : $"parameters.{field} is not valid: {exception.Message.Split(" Path:")[0]}";
    }

    /// <summary>A message is for people: a tensor sent by mistake would drown it.</summary>
    private static string Excerpt(string json) =>
        json.Length <= MaxExcerptLength ? json : $"{json.AsSpan(0, MaxExcerptLength)}… ({json.Length} characters)";

    private static string Describe(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var known when known == typeof(int) || known == typeof(long) => "whole number",
        var known when known == typeof(float) || known == typeof(double) => "number",
        var known when known == typeof(bool) => "true or false",
        var known when known == typeof(string) => "text",
        var other => other.Name,
    };

    private static string Expected(Type type) => Describe(type) switch
    {
        "true or false" => "true or false",
        "text" => "text",
        var other => $"a {other}",
    };

    /// <summary>protobuf's Struct makes every number a double, so 10.0 must read as the whole number 10.</summary>
    private static bool TryReadWhole<T>(JsonValue value, out T? whole)
    {
        var target = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if ((target == typeof(int) || target == typeof(long)) && value.TryGetValue<double>(out var number)
            && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue)
        {
            whole = (T)Convert.ChangeType(number, target, System.Globalization.CultureInfo.InvariantCulture);
            return true;
        }

        whole = default;
        return false;
    }
}
