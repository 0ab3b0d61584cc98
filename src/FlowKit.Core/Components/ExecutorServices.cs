using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowKit.Components;

/// <summary>
/// Resolves the services that constructors and methods of executors ask for: loggers and time always, the rest from the program's own
/// container.
/// </summary>
/// <param name="services">The program's services.</param>
/// <param name="loggers">Makes the loggers.</param>
/// <param name="time">Time.</param>
internal sealed class ExecutorServices(IServiceProvider services, ILoggerFactory loggers, TimeProvider time)
{
    private readonly IServiceProviderIsService? _known = (IServiceProviderIsService?)services.GetService(typeof(IServiceProviderIsService));

    /// <summary>Opens a scope for one replica; <see langword="null"/> when the program has no container.</summary>
    public AsyncServiceScope? OpenScope() =>
        services.GetService(typeof(IServiceScopeFactory)) is IServiceScopeFactory factory ? factory.CreateAsyncScope() : null;

    /// <summary>Returns whether the program has the service that a parameter asks for.</summary>
    public bool Has(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return KeyOf(parameter) is { } keyed ? IsKnown(type, keyed.Key)
            : IsBuiltIn(type) || (_known?.IsService(type) ?? services.GetService(type) is not null);
    }

    /// <summary>Returns the service that a parameter asks for; <see langword="null"/> when the program has none.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="context">Where the executor runs; its services are the scope.</param>
    public object? Get(ParameterInfo parameter, ExecutorContext context)
    {
        var type = parameter.ParameterType;
        if (KeyOf(parameter) is { } keyed)
        {
            return (context.Services as IKeyedServiceProvider)?.GetKeyedService(type, keyed.Key);
        }

        return type switch
        {
            _ when type == typeof(ILogger) => context.Logger,
            _ when type == typeof(ILoggerFactory) => loggers,
            _ when type == typeof(TimeProvider) => time,
            _ when type == typeof(ExecutorContext) => context,
            _ when type == typeof(IServiceProvider) => context.Services,
            _ when IsLogger(type) => NewLogger(type),
            _ => context.Services.GetService(type),
        };
    }

    /// <summary>Returns the key of <see cref="FromKeyedServicesAttribute"/>; <see langword="null"/> without the attribute.</summary>
    public static FromKeyedServicesAttribute? KeyOf(ParameterInfo parameter) => parameter.GetCustomAttribute<FromKeyedServicesAttribute>();

    private static bool IsBuiltIn(Type type) =>
        type == typeof(ILogger)
            || type == typeof(ILoggerFactory)
            || type == typeof(TimeProvider)
            || type == typeof(ExecutorContext)
            || type == typeof(IServiceProvider)
            || IsLogger(type);

    private static bool IsLogger(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ILogger<>);

    /// <summary>
    /// Made here and not by the container, which would keep the executor's class, and with it code that is to be unloaded, for ever.
    /// </summary>
    private object NewLogger(Type type) => Activator.CreateInstance(typeof(Logger<>).MakeGenericType(type.GetGenericArguments()), loggers)!;

    private bool IsKnown(Type type, object? key) =>
        services.GetService(typeof(IServiceProviderIsKeyedService)) is IServiceProviderIsKeyedService known
            && known.IsKeyedService(type, key);
}
