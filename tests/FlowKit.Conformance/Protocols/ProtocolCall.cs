namespace FlowKit.Conformance.Protocols;

/// <summary>A request to a flow.</summary>
/// <param name="Documents">The documents.</param>
public sealed record ProtocolCall(params IReadOnlyList<Document> Documents)
{
    /// <summary>The endpoint.</summary>
    public string Endpoint { get; init; } = "/run";

    /// <summary>The parameters.</summary>
    public Parameters Parameters { get; init; } = new();

    /// <summary>The time that the caller waits; <see langword="null"/> without end.</summary>
    public TimeSpan? Timeout { get; init; }
}
