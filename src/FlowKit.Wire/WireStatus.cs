namespace FlowKit.Wire;

/// <summary>Jina's StatusProto.</summary>
/// <param name="Code">0 success, 1 error.</param>
/// <param name="Message">What happened, for a person: <c>description</c> on the wire.</param>
/// <param name="Exception">What was thrown, where something was.</param>
public sealed record WireStatus(int Code, string Message, WireException? Exception = null)
{
    /// <summary>The status of an error.</summary>
    /// <param name="error">The error.</param>
    public static WireStatus Of(FlowError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var name = error.ExceptionName ?? error.Code.ToString();
        return new WireStatus(
            1,
            error.Message,
            new WireException(
                name,
                error.Details?.Arguments ?? [error.Message],
                error.Details?.Stacks ?? [],
                error.Details?.ExecutorClass ?? error.Executor ?? ""));
    }
}
