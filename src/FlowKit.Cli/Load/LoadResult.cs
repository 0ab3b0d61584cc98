namespace FlowKit.Cli.Load;

/// <summary>The outcome of a load.</summary>
/// <param name="Elapsed">How long it ran.</param>
/// <param name="Documents">Documents of each request.</param>
/// <param name="Failures">Requests that were refused, not answered, or failed in an executor.</param>
/// <param name="FirstFailure">What the first of them was told.</param>
/// <param name="Milliseconds">The times of those that went well, shortest first.</param>
internal sealed record LoadResult(TimeSpan Elapsed, int Documents, long Failures, string? FirstFailure, IReadOnlyList<double> Milliseconds)
{
    public double RequestsPerSecond => Milliseconds.Count / Elapsed.TotalSeconds;

    public double DocumentsPerSecond => RequestsPerSecond * Documents;

    /// <summary>The time that a share of the requests did not exceed.</summary>
    /// <param name="share">0.5 for the median; 1 for the longest.</param>
    public double Percentile(double share) =>
        Milliseconds.Count == 0 ? double.NaN : Milliseconds[Math.Max((int)Math.Ceiling(Milliseconds.Count * share) - 1, 0)];
}
