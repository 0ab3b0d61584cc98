using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace FlowKit.Orchestration.Export;

/// <summary>The commands of engines that tests need.</summary>
internal static class Command
{
    private static readonly ConcurrentDictionary<string, string?> s_known = new(StringComparer.Ordinal);

    /// <summary>Says why tests of a command are skipped; <see langword="null"/> when it runs.</summary>
    public static string? WhyMissing(params string[] command) => s_known.GetOrAdd(string.Join(' ', command), static text => Runs(text.Split(' ')) ? null : $"needs '{text}' to answer");

    private static bool Runs(string[] command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
