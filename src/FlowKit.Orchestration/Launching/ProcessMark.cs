using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FlowKit.Orchestration.Launching;

/// <summary>
/// Tells a process from a later one with the same id, by when it was started in the system's own ticks, and from one of another machine,
/// another boot or another PID namespace, whose processes cannot be looked at from here.
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="Started">When it was started.</param>
/// <param name="Place">Where ids mean the same, see <see cref="OwnPlace"/>.</param>
internal readonly record struct ProcessMark(int Id, long Started, string Place)
{
    private const int StartedField = 19;
    private const int PlaceDigits = 12;

    /// <summary>The place of which nothing is known, so that nothing can be said of others.</summary>
    private const string Unknown = "000000000000";

    /// <summary>The boot and the PID namespace of this process, as twelve hexadecimal digits.</summary>
    public static string OwnPlace { get; } = FindPlace();

    /// <summary>This process.</summary>
    public static ProcessMark Own { get; } = new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0, OwnPlace);

    /// <summary>For names and labels: <c>1234-567890-0123456789ab</c>.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Id}-{Started}-{Place}");

    /// <summary>Indicates whether that process still runs; true when it cannot be looked at from here.</summary>
    public bool IsAlive
    {
        get
        {
            if (Place != OwnPlace || Place == Unknown)
            {
                return true;
            }

            return OperatingSystem.IsLinux() ? StartOf(Id) == Started : Runs(Id);
        }
    }

    public static ProcessMark? TryParse(string text) =>
        text.Split('-') is [var id, var started, { Length: PlaceDigits } place]
            && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && place.All(char.IsAsciiHexDigitLower)
            ? new ProcessMark(number, ticks, place)
            : null;

    /// <summary>Returns the place of a boot's id and the name of a PID namespace.</summary>
    internal static string PlaceOf(string boot, string space) => Digest($"{boot.Trim()} {space}");

    private static string FindPlace()
    {
        if (!OperatingSystem.IsLinux())
        {
            return Digest(Environment.MachineName);
        }

        try
        {
            // A /proc of another namespace calls this process by another number, so that what it says of numbers is of no use.
            var itself = new FileInfo("/proc/self").LinkTarget;
            return itself == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
                && new FileInfo("/proc/self/ns/pid").LinkTarget is { } space
                ? PlaceOf(File.ReadAllText("/proc/sys/kernel/random/boot_id"), space)
                : Unknown;
        }
        catch (Exception exception) when (FileFailure.IsOfFiles(exception))
        {
            return Unknown;
        }
    }

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..PlaceDigits];

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
