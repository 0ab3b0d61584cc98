using System.Diagnostics;

namespace FlowKit.Specs.Running;

/// <summary>Runs programs as a user of packages does, without what a test run leaves in the environment.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    public static ProcessStartInfo StartInfo(
        string folder, IReadOnlyDictionary<string, string> environment, string command, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_NOLOGO"] = start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, string command, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(folder, environment, command, arguments))!;
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(s_limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)}:\n{await said}\n{await errors}");
        return await said;
    }
}
