using System.Diagnostics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using FlowKit.Components.Launching;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;

namespace FlowKit.Components;

/// <summary>Constructs executors with their options bound.</summary>
internal static class ExecutorActivator
{
    /// <summary>Checks that the options fit, without constructing anything.</summary>
    /// <exception cref="FlowConfigException">They do not.</exception>
    public static void Check(ExecutorDescriptor descriptor, ExecutorConfig config)
    {
        if (descriptor.Type != typeof(ImageExecutor))
        {
            new OptionsBinder(config).Bind(ConstructorOf(descriptor, config));
        }

        BindEndpoints(descriptor, config);
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

    /// <summary>Constructs one replica.</summary>
    public static Executor Create(ExecutorDescriptor descriptor, ExecutorConfig config, ExecutorContext context)
    {
        var constructor = ConstructorOf(descriptor, config);
        var arguments = new OptionsBinder(config).Bind(constructor);
        return Executor.Construct(context, () => (Executor)Invoke(constructor, arguments));
    }

    private static ConstructorInfo ConstructorOf(ExecutorDescriptor descriptor, ExecutorConfig config)
    {
        var constructors = descriptor.Type.GetConstructors();
        return constructors is [var only]
            ? only
            : throw new FlowConfigException([new ConfigError(config.UsesPlace, "uses", $"{descriptor.Type.FullName} has "
                + $"{constructors.Length} public constructors; an executor has exactly one")]);
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
