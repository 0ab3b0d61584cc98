using System.Globalization;

namespace FlowKit.Benchmarks;

/// <summary>Prints what was measured and its ratio, as eng/bench.sh promises.</summary>
internal static class Ratio
{
    internal static int Print(string number, string unit, List<double> ours, string oursName, List<double> limit, string limitName, double goal)
    {
        Line(oursName, unit, ours);
        Line(limitName, unit, limit);
        return Print(number, Median(ours) / Median(limit), goal);
    }

    /// <summary>Prints a ratio that should be at least its goal.</summary>
    internal static int Print(string number, double ratio, double goal)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} {ratio:0.00} (goal >= {goal:0.00}) {(ratio >= goal ? "ok" : "short")}"));
        return 0;
    }

    /// <summary>Prints two lots of times and their ratio, which should be at most its goal.</summary>
    internal static int PrintTimes(string number, List<double> ours, string oursName, List<double> limit, string limitName, double goal)
    {
        Line(oursName, "ms", ours);
        Line(limitName, "ms", limit);
        return PrintAtMost(number, Median(ours) / Median(limit), goal);
    }

    /// <summary>Prints a ratio that should be at most its goal.</summary>
    internal static int PrintAtMost(string number, double ratio, double goal)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} {ratio:0.000} (goal <= {goal:0.00}) {(ratio <= goal ? "ok" : "short")}"));
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
