namespace FlowKit.Runtime.Executors.Calls;

/// <summary>Makes of an exception what the caller is told.</summary>
internal static class CallFailure
{
    /// <summary>A cancellation that nobody asked for, such as an inner timeout of an HTTP client, is the executor's own failure.</summary>
    public static FlowError Explain(string executor, Exception exception, bool wasCancelled) =>
        exception is OperationCanceledException && !wasCancelled
            ? new FlowError(FlowErrorCode.Internal, exception.Message) { Executor = executor, ExceptionName = exception.GetType().Name }
            : FlowError.From(exception, executor);

    public static FlowError Hung(string executor, TimeSpan limit) =>
        new(
            FlowErrorCode.DeadlineExceeded,
            $"'{executor}' did not return within {limit.TotalMilliseconds:0} ms (timeout_executor); its replica is replaced.")
        {
            Executor =
                executor
        };

    public static FlowError Stopped() => new(FlowErrorCode.Unavailable, "The flow stopped before it had answered.");
}
