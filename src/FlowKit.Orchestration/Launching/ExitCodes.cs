using System.Globalization;

namespace FlowKit.Orchestration.Launching;

/// <summary>Describes the exit codes of processes, signals by name.</summary>
internal static class ExitCodes
{
    private const int Signal = 128;

    private static readonly (int Number, string Name)[] s_signals =
    [
        (1, "SIGHUP"), (2, "SIGINT"), (3, "SIGQUIT"), (4, "SIGILL"), (6, "SIGABRT"), (7, "SIGBUS"), (8, "SIGFPE"), (9, "SIGKILL"),
        (11, "SIGSEGV"), (13, "SIGPIPE"), (15, "SIGTERM"),
    ];

    /// <summary>For example <c>exit code 3</c>, or <c>SIGKILL (exit code 137)</c>.</summary>
    public static string Describe(int code) =>
        Array.Find(s_signals, signal => signal.Number == code - Signal).Name is { } name
            ? string.Create(CultureInfo.InvariantCulture, $"{name} (exit code {code})")
            : string.Create(CultureInfo.InvariantCulture, $"exit code {code}");
}
