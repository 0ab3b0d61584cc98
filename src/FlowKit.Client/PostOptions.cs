namespace FlowKit.Client;

/// <summary>How documents are posted; names and meanings are those of Jina's <c>Client.post</c>.</summary>
public sealed record PostOptions
{
    /// <summary>What is said beside the documents.</summary>
    public Parameters Parameters { get; init; } = new();

    /// <summary>A regular expression over executor names.</summary>
    public string TargetExecutor { get; init; } = "";

    /// <summary>Documents in one request; 100.</summary>
    public int RequestSize { get; init; } = 100;

    /// <summary>Requests under way at once; 4. Replies come in the order of the requests.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>How long one request may take; <see langword="null"/> leaves it to the gateway.</summary>
    public TimeSpan? Timeout { get; init; }
}
