namespace FlowKit.Simulate;

/// <summary>What a run shows.</summary>
/// <param name="Latencies">The seconds of each answered request, sorted.</param>
/// <param name="Throughput">The requests that were answered in a second.</param>
/// <param name="Refused">The requests that found no room.</param>
/// <param name="Nodes">The use of each node.</param>
internal sealed record SimulationResult(IReadOnlyList<double> Latencies, double Throughput, int Refused, IReadOnlyList<NodeUse> Nodes)
{
    /// <summary>The mean latency in seconds.</summary>
    public double Mean => Latencies.Count == 0 ? double.NaN : Latencies.Average();

    /// <summary>The latency that a share of the requests stays below.</summary>
    /// <param name="share">The share, such as 0.99.</param>
    public double Percentile(double share) =>
        Latencies.Count == 0 ? double.NaN : Latencies[Math.Min(Latencies.Count - 1, (int)(share * Latencies.Count))];
}
