using System.Diagnostics;
using FlowKit.Configuration.Gateway;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>
/// A small process that outlives this one, however it ends, and takes the containers away that are left then. It waits for the end of its
/// input, which only this process holds open.
/// </summary>
internal static class Watchdog
{
    /// <summary>The engine may still be making one when it looks first.</summary>
    private const string Script = """
        trap '' INT TERM HUP
        cat >/dev/null
        for look in 1 2 3; do
          left=$("$0" ps --all --quiet --filter "label=$1" 2>/dev/null)
          [ -z "$left" ] || "$0" rm --force --volumes $left >/dev/null 2>&1
          sleep 1
        done
        """;

    private static readonly Lock s_lock = new();

    // Held for ever: its input must stay open exactly as long as this process lives, and it takes away the containers of all flows here.
    private static Task<Process>? s_process;

    /// <summary>Starts it, once in a process; not on a system without a shell, where only the next start takes away what is left.</summary>
    public static Task EnsureAsync(Engine engine)
    {
        if (!File.Exists("/bin/sh"))
        {
            return Task.CompletedTask;
        }

        lock (s_lock)
        {
            return s_process ??= StartAsync(engine);
        }
    }

    private static Task<Process> StartAsync(Engine engine)
    {

        string[] command = ["/bin/sh", "-c", Script, engine.Command, $"{Sweep.OwnerLabel}={ProcessMark.Own.Text}"];
        if (Engine.IsOnPath("setsid"))
        {
            command = ["setsid", .. command];
        }

        var start = new ProcessStartInfo(
            command[0], command[1..])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        SecretVariables.RemoveFrom(start.Environment);
        return LaunchingThread.RunAsync(() => Process.Start(start)!);
    }
}
