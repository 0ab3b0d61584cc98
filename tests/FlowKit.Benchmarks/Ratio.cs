using System.Globalization;

namespace FlowKit.Benchmarks;

/// <summary>Prints what was measured and its ratio, as eng/bench.sh promises.</summary>
internal static class Ratio
{
    internal static int Print(string number, string unit, List<double> ours, string oursName, List<double> limit, string limitName, double goal)
    {
        Line(oursName, unit, ours);
        Line(limitName, unit, limit);
        var ratio = Median(ours) / Median(limit);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} {ratio:0.00} (goal >= {goal:0.00}) {(ratio >= goal ? "ok" : "short")}"));
        return 0;
    }

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private static void Line(string name, string unit, List<double> values) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name}: median {Median(values):0.0} min {values.Min():0.0} max {values.Max():0.0} {unit}, {values.Count} turns"));
}
