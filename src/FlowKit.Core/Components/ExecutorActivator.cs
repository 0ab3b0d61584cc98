using System.Diagnostics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using FlowKit.Components.Launching;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using Microsoft.Extensions.DependencyInjection;

namespace FlowKit.Components;

/// <summary>
/// Constructs executors: their options bound from <c>uses_with</c>, everything else resolved from the program's services.
/// </summary>
internal static class ExecutorActivator
{
    /// <summary>Checks that the options fit and that every service is there, without constructing anything.</summary>
    /// <param name="descriptor">The class.</param>
    /// <param name="config">Its entry.</param>
    /// <param name="services">The program's services; <see langword="null"/> when they are not known.</param>
    /// <param name="folder">
    /// The folder where what options name is looked for; <see langword="null"/> when that is left to the start.
    /// </param>
    /// <exception cref="FlowConfigException">They do not.</exception>
    public static void Check(ExecutorDescriptor descriptor, ExecutorConfig config, ExecutorServices? services, string? folder = null)
    {
        // One that is launched is constructed elsewhere, by a program with services of its own.
        var known = config.Launch is null ? services : null;
        var endpoints = BindEndpoints(descriptor, config);
        if (descriptor.Type != typeof(ImageExecutor))
        {
            // What runs in a container finds its files there.
            var binder = new ConstructorBinder(config, known, config.Launch?.Container is null ? folder : null);
            binder.Check(ConstructorOf(descriptor, config), [.. endpoints.Methods.Distinct()]);
        }
    }

    /// <summary>Binds its endpoints: by its methods here, or by asking the one that runs elsewhere.</summary>
    /// <exception cref="FlowKitException">A method that <c>uses_requests</c> names is not there.</exception>
    public static EndpointTable BindEndpoints(ExecutorDescriptor descriptor, ExecutorConfig config)
    {
        // The methods of an image's executor are its own to find.
        var table = descriptor.BindEndpoints(
            descriptor.Type == typeof(ImageExecutor) ? new Dictionary<string, string>() : config.UsesRequests);
        return config.Launch is null ? table : table.Forwarded();
    }

    /// <summary>Constructs one replica, in a scope of services that ends with it.</summary>
    public static Executor Create(ExecutorDescriptor descriptor, ExecutorConfig config, ExecutorContext context, ExecutorServices services)
    {
        var constructor = ConstructorOf(descriptor, config);
        var scope = services.OpenScope();
        try
        {
            var own = scope is { } opened ? context with { Services = opened.ServiceProvider, Scope = opened } : context;
            var arguments = new ConstructorBinder(config, services).Bind(constructor, own);
            return Executor.Construct(own, () => (Executor)Invoke(constructor, arguments));
        }
        catch
        {
            // Not waited for: nothing that it made is in use.
            _ = scope?.DisposeAsync().AsTask();
            throw;
        }
    }

    private static ConstructorInfo ConstructorOf(ExecutorDescriptor descriptor, ExecutorConfig config)
    {
        var constructors = descriptor.Type.GetConstructors();
        if (constructors is [var only])
        {
            return only;
        }

        var marked = constructors.Where(
            constructor => constructor.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute), inherit: false));
        return marked.ToList() is [var chosen] ? chosen : throw new FlowConfigException([
            new ConfigError(
                config.UsesPlace,
                "uses",
                $"{descriptor.Type.FullName} has {constructors.Length} public constructors; "
                    + "an executor has exactly one, or one that is marked with [ActivatorUtilitiesConstructor]"),
        ]);
    }

    private static object Invoke(ConstructorInfo constructor, object?[] arguments)
    {
        try
        {
            return constructor.Invoke(arguments);
        }
        catch (TargetInvocationException exception) when (
            exception.InnerException is { } inner && inner is FlowKitException or FlowConfigException)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            throw Explain(inner);
        }
    }

    /// <summary>The exception's own words say little without its kind and the line that threw it.</summary>
    private static FlowKitException Explain(Exception exception)
    {
        var thrown = exception is TypeInitializationException { InnerException: { } inner } ? inner : exception;
        var frame = new StackTrace(thrown, fNeedFileInfo: true).GetFrames().FirstOrDefault(each => each.GetFileLineNumber() > 0);
        var where = frame?.GetMethod() is { } method
            ? $" ({method.DeclaringType?.Name}.{method.Name}, {frame.GetFileName()}:{frame.GetFileLineNumber()})"
            : "";
        var error = FlowError.From(thrown);
        return new FlowKitException(
            error with { Message = $"its constructor threw {thrown.GetType().Name}: {thrown.Message}{where}" }, thrown);
    }
}
