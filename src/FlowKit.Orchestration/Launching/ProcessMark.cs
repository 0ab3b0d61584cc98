using System.Globalization;

namespace FlowKit.Orchestration.Launching;

/// <summary>Tells a process from a later one with the same id: by when it was started, in the system's own ticks.</summary>
/// <param name="Id">The process id.</param>
/// <param name="Started">When it was started.</param>
internal readonly record struct ProcessMark(int Id, long Started)
{
    private const int StartedField = 19;

    /// <summary>This process.</summary>
    public static ProcessMark Own { get; } = new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>For names and labels: <c>1234-567890</c>.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Id}-{Started}");

    /// <summary>Indicates whether that process still runs; true when it cannot be looked at.</summary>
    public bool IsAlive => OperatingSystem.IsLinux() ? StartOf(Id) == Started : Runs(Id);

    public static ProcessMark? TryParse(string text) =>
        text.Split('-') is [var id, var started]
            && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new ProcessMark(number, ticks)
            : null;

    /// <summary>The fields behind the program's name, which may hold anything, are counted from its closing bracket.</summary>
    private static long? StartOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : long.Parse(fields[StartedField], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            return null;
        }
    }

    private static bool Runs(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
