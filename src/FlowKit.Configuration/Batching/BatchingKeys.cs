using FlowKit.Configuration.Schema;
using static FlowKit.Configuration.Schema.Declare;

namespace FlowKit.Configuration.Batching;

/// <summary>The keys of an entry of <c>uses_dynamic_batching:</c>.</summary>
internal static class BatchingKeys
{
    private const int MaxDocuments = 1_000_000;

    public static readonly Key<int> PreferredBatchSize = Whole("preferred_batch_size", 1, MaxDocuments, 1);
    public static readonly Key<int> Timeout = Whole("timeout", 0, int.MaxValue, 0);
    public static readonly Key<int> MaxBatchSize = Whole("max_batch_size", 1, MaxDocuments, 0);

    public static readonly Key<bool> FlushAll = Flag("flush_all");
    public static readonly Key<bool> UseCustomMetric = Flag("use_custom_metric");

    public static readonly KeyTable Table = new([
        PreferredBatchSize, Timeout, MaxBatchSize, FlushAll, UseCustomMetric,
    ]);
}
