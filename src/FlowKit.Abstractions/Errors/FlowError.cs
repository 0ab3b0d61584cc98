namespace FlowKit;

/// <summary>A failure, carried as data through the flow and turned into a status only at the wire.</summary>
/// <param name="Code">The kind of failure.</param>
/// <param name="Message">What failed and what was expected, for a person to read.</param>
public sealed record FlowError(FlowErrorCode Code, string Message)
{
    /// <summary>The executor that failed; <see langword="null"/> when the failure is the gateway's.</summary>
    public string? Executor { get; init; }

    /// <summary>The document that failed; <see langword="null"/> when the whole request failed.</summary>
    public string? DocumentId { get; init; }

    /// <summary>The exception's type name, as Jina's <c>exception.name</c>.</summary>
    public string? ExceptionName { get; init; }

    /// <summary>The exception's arguments, stack and class of executor; <see langword="null"/> where no executor threw.</summary>
    public ExceptionDetails? Details { get; init; }

    /// <summary>The time to wait before the same request may succeed.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Makes an error of any exception, keeping the data of a <see cref="FlowKitException"/>.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="executor">The executor that threw it.</param>
    public static FlowError From(Exception exception, string? executor = null)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            FlowKitException known => known.Error with { Executor = known.Error.Executor ?? executor },
            OperationCanceledException =>
                new FlowError(FlowErrorCode.Cancelled, exception.Message) { Executor = executor, ExceptionName = exception.GetType().Name },
            _ => new FlowError(FlowErrorCode.Internal, exception.Message) { Executor = executor, ExceptionName = exception.GetType().Name },
        };
    }

    /// <summary>Tells whether another error says the same. How its exception came about does not count.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(FlowError? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode();

    private (FlowErrorCode Code, string Message, string? Executor, string? DocumentId, string? ExceptionName, TimeSpan? RetryAfter) Key =>
        (Code, Message, Executor, DocumentId, ExceptionName, RetryAfter);

    /// <inheritdoc/>
    public override string ToString() => Executor is null ? $"{Code}: {Message}" : $"{Code} in {Executor}: {Message}";
}
