using System.Diagnostics;

namespace FlowKit.Tests;

/// <summary>A script of <c>eng/</c> that starts and ends a server of its own for tests.</summary>
internal sealed class ServerScript(string path)
{
    /// <summary>Finds a script; <see langword="null"/> where it cannot run, or the sources are not here.</summary>
    public static ServerScript? Find(string name)
    {
        for (var folder = OperatingSystem.IsLinux() ? AppContext.BaseDirectory : null; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "FlowKit.sln")))
            {
                return new ServerScript(Path.Combine(folder, "eng", name));
            }
        }

        return null;
    }

    /// <summary>Runs a command of the script.</summary>
    public (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.WaitForExit();

        // The server that was started keeps none of these open: its output goes to its log.
        return (process.ExitCode, output.Wait(5000) ? output.Result : "", error.Wait(5000) ? error.Result : "");
    }

    /// <summary>Starts the server in a new folder, until this process ends.</summary>
    /// <param name="name">The beginning of the folder's name.</param>
    /// <returns>The folder and where the server is, or why it did not start.</returns>
    public (string? Folder, string? Address, string? Missing) Start(string name)
    {
        var folder = Directory.CreateTempSubdirectory(name).FullName;
        var (code, output, error) = Run("start", folder);
        if (code != 0)
        {
            Run("stop", folder);
            return (null, null, error.Trim());
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => Run("stop", folder);
        return (folder, output.Trim(), null);
    }
}
