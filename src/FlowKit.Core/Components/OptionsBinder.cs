using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Components;

/// <summary>
/// Binds <c>uses_with</c> to the properties of an options class, or to plain parameters. Keys are snake_case; an unknown key, a wrong type
/// or a value outside its range is an error with its place in the YAML.
/// </summary>
/// <param name="config">The entry.</param>
/// <param name="errors">The mistakes that are found.</param>
/// <param name="folder">Where what options name is looked for; <see langword="null"/> for nowhere.</param>
internal sealed class OptionsBinder(ExecutorConfig config, List<ConfigError> errors, string? folder = null)
{
    private static readonly TypedJson s_read = new(NewOptions());

    internal static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>Makes an options object of a class and sets its properties.</summary>
    public object BindClass(Type type)
    {
        var options = Activator.CreateInstance(type)!;
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToDictionary(
            property => SnakeCase(property.Name), StringComparer.Ordinal);
        foreach (var (key, value) in config.UsesWith)
        {
            if (!properties.TryGetValue(key, out var property))
            {
                AddUnknown(key, properties.Keys);
            }
            else if (TryConvert(key, value, property.PropertyType, out var converted))
            {
                Set(options, property, converted, key);
            }
        }

        Validate(options);
        return options;
    }

    /// <summary>Refuses the keys that none of the parameters has.</summary>
    public void RefuseUnknown(IReadOnlyCollection<string> names)
    {
        foreach (var (key, _) in config.UsesWith.Where(pair => !names.Contains(pair.Key)))
        {
            AddUnknown(key, names);
        }
    }

    /// <summary>Returns the value of a plain parameter.</summary>
    public object? BindParameter(ParameterInfo parameter)
    {
        var key = SnakeCase(parameter.Name!);
        if (config.UsesWith.TryGetPropertyValue(key, out var value))
        {
            return TryConvert(key, value, parameter.ParameterType, out var converted) ? converted : null;
        }

        if (!parameter.HasDefaultValue)
        {
            errors.Add(new ConfigError(config.UsesPlace, $"uses_with.{key}", $"'{config.Uses}' needs this option"));
        }

        return parameter.HasDefaultValue ? parameter.DefaultValue : null;
    }

    private static JsonSerializerOptions NewOptions()
    {
        var options = new JsonSerializerOptions(Parameters.ReadOptions)
        {
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>A setter that throws refuses the value; its message is left out, since it may hold the value.</summary>
    private void Set(object options, PropertyInfo property, object? value, string key)
    {
        try
        {
            property.SetValue(options, value);
        }
        catch (TargetInvocationException exception)
        {
            errors.Add(
                new ConfigError(Place(key), $"uses_with.{key}", $"the value is refused ({exception.InnerException?.GetType().Name})"));
        }
    }

    /// <summary>A message never shows the value: it may be a secret that came from the environment.</summary>
    private bool TryConvert(string key, JsonNode? value, Type type, out object? converted)
    {
        try
        {
            var json = s_read.For(type);
            converted = new OptionTexts(config.UsesWithTexts, json).Fit(value, type, key).Deserialize(type, json);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            errors.Add(new ConfigError(Place(key), $"uses_with.{key}", $"expected {Describe(type)}, not {Kind(value)}"));
            converted = null;
            return false;
        }
    }

    private void Validate(object options)
    {
        foreach (var (property, message) in OptionsValidator.Check(options, folder))
        {
            var key = SnakeCase(property);
            errors.Add(new ConfigError(Place(key), $"uses_with.{key}", message));
        }
    }

    private void AddUnknown(string key, IReadOnlyCollection<string> known)
    {
        var hint = NearestName.Find(key, known) switch
        {
            { } near => $"did you mean '{near}'?",
            null when known.Count > 0 => $"it has {string.Join(", ", known.Order(StringComparer.Ordinal))}",
            null => "it has no options",
        };
        var unnamed = config.Uses == ExecutorConfig.Defaults.Uses && config.UsesPlace == config.Place
            ? $"no 'uses' says which executor it is, and {config.Uses} has no such option; add 'uses'"
            : $"'{config.Uses}' has no such option; {hint}";
        errors.Add(new ConfigError(Place(key), $"uses_with.{key}", unnamed));
    }

    private SourcePlace Place(string key) => config.UsesWithPlaces.TryGetValue(key, out var place) ? place : config.UsesPlace;

    private static string Kind(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "nothing",
        JsonValueKind.String => "this text",
        JsonValueKind.Number => "this number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Array => "a list",
        _ => "a mapping",
    };

    private static string Describe(Type type)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner.IsEnum)
        {
            return $"one of {string.Join(", ", Enum.GetNames(inner).Select(SnakeCase))}";
        }

        if (inner == typeof(bool))
        {
            return "true or false";
        }

        if (inner == typeof(byte) || inner == typeof(short) || inner == typeof(int) || inner == typeof(long))
        {
            return "a whole number";
        }

        if (inner == typeof(float) || inner == typeof(double) || inner == typeof(decimal))
        {
            return "a number";
        }

        if (inner == typeof(string))
        {
            return "text";
        }

        if (inner == typeof(TimeSpan))
        {
            return "a duration such as 00:00:05";
        }

        if (inner.IsArray || typeof(System.Collections.IEnumerable).IsAssignableFrom(inner))
        {
            return "a list or mapping that fits";
        }

        return $"a {SnakeCase(inner.Name).Replace('_', ' ')}";
    }
}
