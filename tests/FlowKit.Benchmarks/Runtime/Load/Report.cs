namespace FlowKit.Benchmarks.Runtime;

/// <summary>What is printed.</summary>
internal static class Report
{
    /// <summary>The load average of the last minute, five and fifteen minutes.</summary>
    public static string Load => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";

    /// <summary>Prints a line with the figures of no country.</summary>
    public static void Line(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    /// <summary>A ratio that should be at most its goal.</summary>
    public static void AtMost(string name, double ratio, double goal) =>
        Line($"{name} {ratio:0.00} (goal <= {goal:0.00}) {(ratio <= goal ? "ok" : "short")}");

    /// <summary>A ratio that should be at least its goal.</summary>
    public static void AtLeast(string name, double ratio, double goal) =>
        Line($"{name} {ratio:0.00} (goal >= {goal:0.00}) {(ratio >= goal ? "ok" : "short")}");
}
