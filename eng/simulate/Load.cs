namespace FlowKit.Simulate;

/// <summary>What is asked of a flow.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="Documents">Documents of a request.</param>
/// <param name="Seconds">The time that is simulated.</param>
/// <param name="Seed">The seed of all that is random.</param>
internal sealed record Load(double Rate, int Documents, double Seconds, int Seed)
{
    /// <summary>The times at which requests came to a flow that ran; <see langword="null"/> for random ones (Poisson) at <see cref="Rate"/>.</summary>
    public IReadOnlyList<double>? Arrivals { get; init; }

    /// <summary>Returns the times at which requests come.</summary>
    /// <param name="random">Where chance is from.</param>
    public IEnumerable<double> Times(Random random) => Arrivals ?? Poisson(random);

    private IEnumerable<double> Poisson(Random random)
    {
        for (var at = Wait(random); at < Seconds; at += Wait(random))
        {
            yield return at;
        }
    }

    private double Wait(Random random) => -Math.Log(1 - random.NextDouble()) / Rate;
}
