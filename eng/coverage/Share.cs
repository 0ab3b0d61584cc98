using System.Globalization;

namespace FlowKit.Coverage;

/// <summary>So many of so many.</summary>
internal readonly record struct Share(int Part, int Whole)
{
    /// <summary>Counts the true ones.</summary>
    public static Share Of(IReadOnlyList<bool> values) => new(values.Count(value => value), values.Count);

    /// <summary>The share in percent; of nothing all is there.</summary>
    public double Percent => Whole == 0 ? 100 : 100.0 * Part / Whole;

    // Cut off, not rounded: 89.96 is not 90.
    public override string ToString() => Whole == 0 ? "-" : (Math.Floor(Percent * 10) / 10).ToString("0.0", CultureInfo.InvariantCulture);
}
