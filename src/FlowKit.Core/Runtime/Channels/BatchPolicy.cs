using FlowKit.Components;
using FlowKit.Configuration.Batching;

namespace FlowKit.Runtime.Channels;

/// <summary>The way that the items of one queue are put together.</summary>
/// <param name="Preferred">How much makes a batch that goes at once.</param>
/// <param name="Timeout">How long less waits for more.</param>
/// <param name="Max">The largest batch; a single document may be more.</param>
/// <param name="Cost">How much a document counts; <see langword="null"/> for 1.</param>
internal sealed record BatchPolicy(int Preferred, TimeSpan Timeout, int Max, Func<Document, int>? Cost)
{
    /// <summary>
    /// Tells what holds for a method on an endpoint: the flow's word for the endpoint, for the method, then the method's own.
    /// </summary>
    public static BatchPolicy? Of(EndpointMethod method, string endpoint, IReadOnlyDictionary<string, BatchingConfig> config)
    {
        if (config.TryGetValue(endpoint, out var written) || TryFind(config, method.Name, out written))
        {
            return Of(method, written!);
        }

        if (method.Batching is { } own)
        {
            return new BatchPolicy(
                own.PreferredBatchSize,
                TimeSpan.FromMilliseconds(own.Timeout),
                Math.Max(own.MaxBatchSize, own.PreferredBatchSize),
                method.Cost);
        }

        return null;
    }

    public int CostOf(Document document) => Cost is null ? 1 : Math.Max(Cost(document), 1);

    /// <summary>Returns how full a batch is, from 0 to 1; <see langword="null"/> where it may have any number of documents.</summary>
    public double? FillOf(IReadOnlyList<Document> documents)
    {
        if (Max == int.MaxValue)
        {
            return null;
        }

        var cost = Cost is null ? documents.Count : documents.Sum(document => (long)CostOf(document));
        return Math.Min(1, (double)cost / Max);
    }

    private static BatchPolicy Of(EndpointMethod method, BatchingConfig written)
    {
        if (written.UseCustomMetric == true && method.Cost is null)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"use_custom_metric: the method '{method.Name}' has no metric; name one in [DynamicBatching(CustomMetric = …)].");
        }

        var max = written.FlushAll ? int.MaxValue : written.MaxBatchSize ?? written.PreferredBatchSize;
        return new BatchPolicy(written.PreferredBatchSize, written.Timeout, max, written.UseCustomMetric == false ? null : method.Cost);
    }

    private static bool TryFind(IReadOnlyDictionary<string, BatchingConfig> config, string method, out BatchingConfig? found)
    {
        found = config.FirstOrDefault(pair => ExecutorDescriptor.NameMatches(method, pair.Key)).Value;
        return found is not null;
    }
}
