using System.Globalization;

namespace FlowKit.House;

/// <summary>The places beyond a bound that stood when the bound was drawn, counted by measure: the number may only fall.</summary>
internal sealed class KnownPlaces
{
    private readonly Dictionary<string, int> _counts;

    private KnownPlaces(Dictionary<string, int> counts) => _counts = counts;

    /// <summary>Reads lines of <c>measure: number</c>; without a file nothing is beyond a bound.</summary>
    public static KnownPlaces Read(string path) => new(!File.Exists(path) ? [] : File.ReadAllLines(path)
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(':'))
        .ToDictionary(parts => parts[0].Trim(), parts => int.Parse(parts[1], CultureInfo.InvariantCulture), StringComparer.Ordinal));

    public int Of(string measure) => _counts.GetValueOrDefault(measure);
}
