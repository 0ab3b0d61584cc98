namespace FlowKit.House;

/// <summary>A measure as it was taken.</summary>
/// <param name="Figures">The figures beside their bounds.</param>
/// <param name="Beyond">The places beyond the bound.</param>
internal sealed record Measurement(string Figures, IReadOnlyList<string> Beyond)
{
    /// <summary>Returns the value below which a share of all values lies.</summary>
    public static int Quantile(IEnumerable<int> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
    }

    /// <summary>Returns the places, and with them a distribution whose median or ninth decile is beyond its own bound.</summary>
    public static Measurement Of(IReadOnlyList<int> sizes, int median, int decile, int max, IEnumerable<string> beyond)
    {
        var (middle, ninth) = (Quantile(sizes, 0.5), Quantile(sizes, 0.9));
        List<string> places = [.. beyond];
        if (middle > median)
        {
            places.Add($"the median is {middle}, more than {median}");
        }

        if (ninth > decile)
        {
            places.Add($"nine in ten have up to {ninth}, more than {decile}");
        }

        return new Measurement($"median {middle} (at most {median}), nine in ten {ninth} ({decile}), largest {(sizes.Count > 0 ? sizes.Max() : 0)} ({max})", places);
    }
}
