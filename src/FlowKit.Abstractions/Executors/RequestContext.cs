namespace FlowKit;

/// <summary>
/// Describes what a method with <see cref="RequestsAttribute"/> may want to know of the request beside its documents, when it takes a
/// parameter of this type.
/// </summary>
/// <param name="Endpoint">The endpoint that was asked, of interest to a method that answers all others.</param>
/// <param name="Timeout">
/// How long the caller still waits; <see langword="null"/> for as long as it takes, and for a batch, which several callers wait for.
/// </param>
public sealed record RequestContext(string Endpoint, TimeSpan? Timeout = null)
{
    /// <summary>The memory that the request holds; <see langword="null"/> where nobody counts.</summary>
    public IMemoryShare? Memory { get; init; }

    /// <summary>The number of requests whose documents the call has: more than one for a batch.</summary>
    public int Requests { get; init; } = 1;
}
