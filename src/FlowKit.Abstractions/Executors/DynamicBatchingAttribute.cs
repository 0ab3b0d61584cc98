namespace FlowKit;

/// <summary>
/// Puts the documents of several requests to a method together to one call. The method gets documents of equal endpoint and parameters and
/// gives back as many as it got, in their order; when it throws, halves are tried until only the documents that it cannot take have failed.
/// <c>uses_dynamic_batching</c> in the flow's YAML goes over it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DynamicBatchingAttribute : Attribute
{
    /// <summary>The number of documents that make a batch, which goes at once; at least 1.</summary>
    public required int PreferredBatchSize { get; init; }

    /// <summary>The number of milliseconds that a smaller batch waits for more. Default 0: what is queued when a replica is free.</summary>
    public int Timeout { get; init; }

    /// <summary>The most documents of one call; 0, the default, for <see cref="PreferredBatchSize"/>.</summary>
    public int MaxBatchSize { get; init; }

    /// <summary>
    /// The name of a public static method <c>int Name(Document)</c> of the executor that tells how much a document counts, such as its
    /// tokens;
    /// <see langword="null"/>, the default, counts documents.
    /// </summary>
    public string? CustomMetric { get; init; }
}
