using System.Diagnostics;

namespace FlowKit.Orchestration;

/// <summary>Runs a line of the shell.</summary>
internal static class FlowKitShell
{
    public static async Task<string> RunAsync(string line)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{line}\n{errors}");
        return await output;
    }
}
