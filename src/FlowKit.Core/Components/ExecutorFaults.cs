using System.Reflection;
using System.Runtime.InteropServices;

namespace FlowKit.Components;

/// <summary>
/// Tells the exceptions that point at the replica, which another one may be spared, from those that point at what it was sent: broken by
/// their nature, or declared by the executor's <see cref="ExecutorFaultAttribute"/>.
/// </summary>
internal sealed class ExecutorFaults
{
    // Memory, stack, code and native libraries: no input is wrong about them.
    private static readonly Type[] s_always =
    [
        typeof(OutOfMemoryException), typeof(InsufficientExecutionStackException), typeof(AccessViolationException), typeof(SEHException),
        typeof(InvalidProgramException), typeof(BadImageFormatException), typeof(DllNotFoundException),
        typeof(EntryPointNotFoundException), typeof(TypeInitializationException),
    ];

    private readonly Type[] _types;
    private readonly HashSet<string> _names;

    /// <param name="executor">The executor's class.</param>
    /// <exception cref="FlowKitException">It declares something that is no exception.</exception>
    public ExecutorFaults(Type executor)
    {
        var declared = executor.GetCustomAttributes<ExecutorFaultAttribute>(inherit: true).SelectMany(fault => fault.Exceptions).ToList();
        if (declared.Find(type => !typeof(Exception).IsAssignableFrom(type)) is { } wrong)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"{executor.Name}: [ExecutorFault] names {wrong.Name}, which is no exception; name classes derived from Exception.");
        }

        _types = [.. s_always, .. declared];
        _names = _types.Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Tells whether an exception, or one inside it, points at the replica.</summary>
    public bool Include(Exception exception) => exception switch
    {
        _ when Array.Exists(_types, type => type.IsInstanceOfType(exception)) => true,

        // From another process an exception comes back as an error that has its name.
        FlowKitException { Error.ExceptionName: { } name } when _names.Contains(name) => true,
        AggregateException several => several.InnerExceptions.Any(Include),
        { InnerException: { } inner } => Include(inner),
        _ => false,
    };
}
