namespace FlowKit;

/// <summary>The one exception FlowKit throws on purpose; its <see cref="Error"/> is what the caller is told.</summary>
public sealed class FlowKitException : Exception
{
    /// <summary>Throws <paramref name="error"/>.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="innerException">What caused it.</param>
    public FlowKitException(FlowError error, Exception? innerException = null)
        : base(error?.Message, innerException) => Error = error ?? throw new ArgumentNullException(nameof(error));

    /// <summary>Throws an error of <paramref name="code"/> with <paramref name="message"/>.</summary>
    /// <param name="code">The kind of failure.</param>
    /// <param name="message">What failed and what was expected.</param>
    /// <param name="innerException">What caused it.</param>
    public FlowKitException(FlowErrorCode code, string message, Exception? innerException = null)
        : this(new FlowError(code, message), innerException)
    {
    }

    /// <summary>The failure as data.</summary>
    public FlowError Error { get; }
}
