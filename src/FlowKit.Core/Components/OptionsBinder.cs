using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Configuration;

namespace FlowKit.Components;

/// <summary>
/// Binds <c>uses_with</c> to a constructor: to an options class's properties, or to the constructor's own parameters.
/// Keys are snake_case; an unknown key, a wrong type or a value outside its range is an error with its place in the YAML.
/// </summary>
internal sealed class OptionsBinder(ExecutorConfig config)
{
    private readonly List<ConfigError> _errors = [];

    /// <summary>The constructor's arguments.</summary>
    /// <exception cref="FlowConfigException">All mistakes at once.</exception>
    public object?[] Bind(ConstructorInfo constructor)
    {
        var parameters = constructor.GetParameters();
        var options = Array.FindIndex(parameters, parameter => IsOptionsClass(parameter.ParameterType));
        var arguments = options >= 0 ? [BindClass(parameters[options].ParameterType)] : BindParameters(parameters);
        return _errors.Count == 0 ? arguments : throw new FlowConfigException(_errors);
    }

    internal static bool IsOptionsClass(Type type) =>
        type is { IsClass: true, IsAbstract: false } && type != typeof(string) && !type.IsArray && !type.IsGenericType && type.GetConstructor(Type.EmptyTypes) is not null;

    internal static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private object BindClass(Type type)
    {
        var options = Activator.CreateInstance(type)!;
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).ToDictionary(property => SnakeCase(property.Name), StringComparer.Ordinal);
        foreach (var (key, value) in config.UsesWith)
        {
            if (!properties.TryGetValue(key, out var property))
            {
                AddUnknown(key, properties.Keys);
            }
            else if (TryConvert(key, value, property.PropertyType, out var converted))
            {
                property.SetValue(options, converted);
            }
        }

        Validate(options);
        return options;
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

    private bool TryConvert(string key, JsonNode? value, Type type, out object? converted)
    {
        try
        {
            converted = value.Deserialize(type, Parameters.ReadOptions);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            _errors.Add(new ConfigError(Place(key), $"uses_with.{key}", $"{value?.ToJsonString() ?? "null"} is not a valid {Describe(type)}"));
            converted = null;
            return false;
        }
    }

    private void Validate(object options)
    {
        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true))
        {
            foreach (var result in results)
            {
                var key = SnakeCase(result.MemberNames.FirstOrDefault() ?? "");
                _errors.Add(new ConfigError(Place(key), $"uses_with.{key}", result.ErrorMessage ?? "not valid"));
            }
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

    private static string Describe(Type type)
    {
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        return inner.IsEnum ? $"choice; expected one of {string.Join(", ", Enum.GetNames(inner).Select(SnakeCase))}"
            : inner == typeof(bool) ? "true or false"
            : inner == typeof(int) || inner == typeof(long) ? "whole number"
            : inner == typeof(float) || inner == typeof(double) ? "number"
            : inner == typeof(string) ? "text"
            : inner.Name;
    }
}
