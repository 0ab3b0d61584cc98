using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Components;

/// <summary>
/// Binds <c>uses_with</c> to a constructor: to an options class's properties, or to the constructor's own parameters.
/// Keys are snake_case; an unknown key, a wrong type or a value outside its range is an error with its place in the YAML.
/// </summary>
internal sealed class OptionsBinder(ExecutorConfig config)
{
    private static readonly TypedJson s_read = new(new JsonSerializerOptions(Parameters.ReadOptions)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    });

    private readonly List<ConfigError> _errors = [];

    /// <summary>The constructor's arguments.</summary>
    /// <exception cref="FlowConfigException">All mistakes at once.</exception>
    public object?[] Bind(ConstructorInfo constructor)
    {
        var parameters = constructor.GetParameters();
        var arguments = parameters switch
        {
            [var only] when IsOptionsClass(only.ParameterType) => [BindClass(only.ParameterType)],
            _ when parameters.Any(parameter => IsOptionsClass(parameter.ParameterType)) => RefuseMixture(),
            _ => BindParameters(parameters),
        };
        return _errors.Count == 0 ? arguments : throw new FlowConfigException(_errors);
    }

    internal static bool IsOptionsClass(Type type) =>
        type is { IsClass: true, IsAbstract: false }
            && type != typeof(string)
            && !type.IsArray
            && !type.IsGenericType
            && type.GetConstructor(Type.EmptyTypes) is not null;

    internal static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private object BindClass(Type type)
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

    private object?[] RefuseMixture()
    {
        _errors.Add(new ConfigError(config.UsesPlace, "uses", $"the constructor of '{config.Uses}' mixes an options class with other "
            + $"parameters; it takes either one options class or plain parameters"));
        return [];
    }

    private object?[] BindParameters(ParameterInfo[] parameters)
    {
        var names = parameters.Select(parameter => SnakeCase(parameter.Name!)).ToList();
        foreach (var (key, _) in config.UsesWith.Where(pair => !names.Contains(pair.Key)))
        {
            AddUnknown(key, names);
        }

        return [.. parameters.Select((parameter, index) => BindParameter(parameter, names[index]))];
    }

    private object? BindParameter(ParameterInfo parameter, string key)
    {
        if (config.UsesWith.TryGetPropertyValue(key, out var value))
        {
            return TryConvert(key, value, parameter.ParameterType, out var converted) ? converted : null;
        }

        if (!parameter.HasDefaultValue)
        {
            _errors.Add(new ConfigError(config.UsesPlace, $"uses_with.{key}", $"'{config.Uses}' needs this option"));
        }

        return parameter.HasDefaultValue ? parameter.DefaultValue : null;
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
            _errors.Add(
                new ConfigError(Place(key), $"uses_with.{key}", $"the value is refused ({exception.InnerException?.GetType().Name})"));
        }
    }

    /// <summary>A message never shows the value: it may be a secret that came from the environment.</summary>
    private bool TryConvert(string key, JsonNode? value, Type type, out object? converted)
    {
        try
        {
            converted = value.Deserialize(type, s_read.For(type));
            return true;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            _errors.Add(new ConfigError(Place(key), $"uses_with.{key}", $"expected {Describe(type)}, not {Kind(value)}"));
            converted = null;
            return false;
        }
    }

    private void Validate(object options)
    {
        foreach (var (property, message) in OptionsValidator.Check(options))
        {
            var key = SnakeCase(property);
            _errors.Add(new ConfigError(Place(key), $"uses_with.{key}", message));
        }
    }

    private void AddUnknown(string key, IReadOnlyCollection<string> known)
    {
        var hint = NearestName.Find(key, known) is { } near ? $"did you mean '{near}'?"
            : known.Count > 0 ? $"it has {string.Join(", ", known.Order(StringComparer.Ordinal))}"
            : "it has no options";
        _errors.Add(new ConfigError(Place(key), $"uses_with.{key}", $"'{config.Uses}' has no such option; {hint}"));
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
