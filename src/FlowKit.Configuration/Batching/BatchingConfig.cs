namespace FlowKit.Configuration.Batching;

/// <summary>The way that requests to one endpoint are put together.</summary>
/// <param name="PreferredBatchSize">How many documents make a batch that goes at once; at least 1.</param>
/// <param name="Timeout">How long a smaller batch waits for more; zero takes what is queued when a replica is free.</param>
/// <param name="MaxBatchSize">The most documents of one call; <see langword="null"/> for <paramref name="PreferredBatchSize"/>.</param>
/// <param name="FlushAll">Whether one call takes everything that is queued once a batch goes.</param>
/// <param name="UseCustomMetric">
/// Whether documents count as the method's own metric says, or one each; <see langword="null"/> by the metric when there is one.
/// </param>
public sealed record BatchingConfig(
    int PreferredBatchSize, TimeSpan Timeout, int? MaxBatchSize = null, bool FlushAll = false, bool? UseCustomMetric = null);
