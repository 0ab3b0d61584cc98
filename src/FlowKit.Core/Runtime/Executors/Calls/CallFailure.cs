namespace FlowKit.Runtime.Executors.Calls;

/// <summary>Makes of an exception what the caller is told.</summary>
internal static class CallFailure
{
    /// <summary>A cancellation that nobody asked for, such as an inner timeout of an HTTP client, is the executor's own failure.</summary>
    public static FlowError Explain(PoolState state, Exception exception, bool wasCancelled)
    {
        var error = exception is OperationCanceledException && !wasCancelled
            ? new FlowError(FlowErrorCode.Internal, exception.Message)
            {
                Executor = state.Name,
                ExceptionName = exception.GetType().Name,
            }
            : FlowError.From(exception, state.Name);
        return error with { Details = Describe(state, error, exception) };
    }

    /// <summary>Passes on what an executor elsewhere says of its exception, but for the stack where stacks are not shown.</summary>
    private static ExceptionDetails Describe(PoolState state, FlowError error, Exception exception)
    {
        var details = error.Details ?? new ExceptionDetails([error.Message], [], state.Revision.Descriptor.Name);
        if (!state.ShowsStacks)
        {
            return details with { Stacks = [LastLine(details.Stacks) ?? FirstLine(error)] };
        }

        var frames = (exception.StackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return details.Stacks.Count > 0 ? details : details with { Stacks = [FirstLine(error), .. frames] };
    }

    /// <summary>The line in which Python's traceback names the exception.</summary>
    private static string? LastLine(IReadOnlyList<string> stacks) =>
        stacks.SelectMany(text => text.Split('\n')).LastOrDefault(line => !string.IsNullOrWhiteSpace(line))?.Trim();

    private static string FirstLine(FlowError error) => $"{error.ExceptionName ?? error.Code.ToString()}: {error.Message}".Split('\n')[0];

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
