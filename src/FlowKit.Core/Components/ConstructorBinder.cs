using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Components;

/// <summary>
/// Binds the constructor of an executor. Each parameter is a service of the program, the options class, or a plain option: a service when
/// the program has one of its type, when it is marked as one, or when nothing that a file can write has its type.
/// </summary>
/// <param name="config">The entry.</param>
/// <param name="services">The program's services; <see langword="null"/> when they are not known and must be taken to be there.</param>
/// <param name="folder">Where what options name is looked for; <see langword="null"/> for nowhere.</param>
internal sealed class ConstructorBinder(ExecutorConfig config, ExecutorServices? services, string? folder = null)
{
    private readonly List<ConfigError> _errors = [];

    /// <summary>Checks the options, and looks for the services of the constructor and of the methods that answer.</summary>
    /// <exception cref="FlowConfigException">All mistakes at once.</exception>
    public void Check(ConstructorInfo constructor, IReadOnlyList<EndpointMethod> methods)
    {
        BindOptions(constructor.GetParameters());
        RefuseMissing(constructor.DeclaringType!.Name, constructor.GetParameters().Where(IsService));
        foreach (var method in methods)
        {
            RefuseMissing($"{constructor.DeclaringType.Name}.{method.Name}", method.Services);
        }

        ThrowIfAny();
    }

    /// <summary>Returns the constructor's arguments.</summary>
    /// <exception cref="FlowConfigException">All mistakes at once.</exception>
    public object?[] Bind(ConstructorInfo constructor, ExecutorContext context)
    {
        var parameters = constructor.GetParameters();
        var options = BindOptions(parameters);
        RefuseMissing(constructor.DeclaringType!.Name, parameters.Where(IsService));
        ThrowIfAny();
        return
        [
            .. parameters.Select(parameter => options.TryGetValue(parameter, out var value)
                ? value
                : services?.Get(parameter, context) ?? DefaultOf(parameter)),
        ];
    }

    /// <summary>
    /// A class that <c>uses_with</c> fills: concrete, made without arguments, with properties to set, and no part of .NET itself.
    /// </summary>
    internal static bool IsOptionsClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericType: false, IsArray: false }
            && !IsFramework(type)
            && !typeof(IDisposable).IsAssignableFrom(type)
        && type.GetConstructor(Type.EmptyTypes) is not null
            && Array.Exists(type.GetProperties(), property => property.SetMethod is { IsPublic: true });

    private Dictionary<ParameterInfo, object?> BindOptions(ParameterInfo[] parameters)
    {
        var binder = new OptionsBinder(config, _errors, folder);
        var options = parameters.Where(parameter => !IsService(parameter)).ToList();
        if (options is [var only] && IsOptionsClass(only.ParameterType))
        {
            return new Dictionary<ParameterInfo, object?> { [only] = binder.BindClass(only.ParameterType) };
        }

        if (options.Exists(parameter => IsOptionsClass(parameter.ParameterType)))
        {
            _errors.Add(new ConfigError(
                config.UsesPlace,
                "uses",
                $"the constructor of '{config.Uses}' mixes an options class with other parameters; "
                    + "beside services it takes either one options class or plain parameters"));
            return [];
        }

        binder.RefuseUnknown([.. options.Select(parameter => OptionsBinder.SnakeCase(parameter.Name!))]);
        return options.ToDictionary(parameter => parameter, binder.BindParameter);
    }

    private bool IsService(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (ExecutorServices.KeyOf(parameter) is not null || parameter.IsDefined(typeof(FromServicesAttribute)))
        {
            return true;
        }

        return !IsValue(type) && (services?.Has(parameter) == true || (!IsOptionsClass(type) && CannotBeWritten(type)));
    }

    /// <summary>Tells whether nothing that a file can write makes an object of a class.</summary>
    private static bool CannotBeWritten(Type type) =>
        type.IsInterface || type.IsAbstract || IsFramework(type) || type.GetConstructor(Type.EmptyTypes) is not null;

    /// <summary>Texts, numbers, truth values, durations, lists and mappings are always options.</summary>
    private static bool IsValue(Type type) =>
        type.IsValueType
            || type == typeof(string)
            || type == typeof(Uri)
            || typeof(JsonNode).IsAssignableFrom(type)
            || typeof(IEnumerable).IsAssignableFrom(type);

    private static bool IsFramework(Type type) => type.Namespace is { } name
        && (name == "System"
            || name.StartsWith("System.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.", StringComparison.Ordinal));

    private void RefuseMissing(string owner, IEnumerable<ParameterInfo> parameters)
    {
        var missing = parameters.Where(parameter => !parameter.HasDefaultValue && services is not null && !services.Has(parameter));
        foreach (var parameter in missing)
        {
            var type = NameOf(parameter.ParameterType);
            var (kind, registration) = ExecutorServices.KeyOf(parameter) is { } keyed
                ? ($"keyed service '{keyed.Key}' of type", $"AddKeyedSingleton<{type}>(\"{keyed.Key}\", …)")
                : ("service", $"AddSingleton<{type}>(…)");
            _errors.Add(new ConfigError(
                config.UsesPlace,
                "uses",
                $"{owner} needs the {kind} {type} (parameter '{parameter.Name}'), which this program does not have; "
                    + $"register it with services.{registration}"));
        }
    }

    private static string NameOf(Type type) =>
        type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : type.Name;

    private static object? DefaultOf(ParameterInfo parameter) => parameter.HasDefaultValue ? parameter.DefaultValue : null;

    private void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw new FlowConfigException(_errors);
        }
    }
}
