namespace FlowKit;

/// <summary>
/// Declares exceptions after which this executor is not to be trusted any more: a database connection that is dead, a device that is lost.
/// After <c>failure_threshold</c> of them in a row, without a success between, its replica is replaced by one that is loaded before it
/// goes. Any other exception fails its own request and nothing else.
/// </summary>
/// <param name="exceptions">The exceptions' classes; those derived from them count as well, and those that have one inside.</param>
/// <example><c>[ExecutorFault(typeof(SqlException), typeof(DeviceLostException))]</c></example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = true)]
public sealed class ExecutorFaultAttribute(params Type[] exceptions) : Attribute
{
    /// <summary>The exceptions' classes.</summary>
    public IReadOnlyList<Type> Exceptions { get; } = exceptions;
}
