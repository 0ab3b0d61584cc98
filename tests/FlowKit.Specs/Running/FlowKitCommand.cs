using System.Diagnostics;

namespace FlowKit.Specs.Running;

/// <summary>Runs the real command line as a process of its own.</summary>
internal static class FlowKitCommand
{
    // 128 and SIGABRT: how .NET ends a program of which an exception was not handled.
    private const int Aborted = 134;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    public static ProcessStartInfo StartInfo(params IEnumerable<string> arguments)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "flowkit.dll"), .. arguments];

        // Tests that run in the background of a shell ignore SIGINT, and what they start would too.
        command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", .. command] : command;
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Repository.Root,
        };
        start.Environment["NO_COLOR"] = "1";
        return start;
    }

    public static Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(StartInfo(arguments));

    /// <summary>Runs it as <see cref="StartInfo"/> starts it, with an environment of its own.</summary>
    public static async Task<CommandResult> RunAsync(ProcessStartInfo start)
    {
        var result = await RunOnceAsync(start);

        // What counts coverage writes its counts under a mutex as a program ends, and crashes where another program,
        // that a test had killed, died with that mutex: the command itself had ended well.
        return result.Errors.Contains(nameof(AbandonedMutexException), StringComparison.Ordinal) ? await RunOnceAsync(start) : result;
    }

    private static async Task<CommandResult> RunOnceAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{string.Join(' ', start.ArgumentList)} did not end within {s_limit}.");
        }

        var result = new CommandResult(process.ExitCode, await output, await errors);
        return result.ExitCode != Aborted || result.Errors.Contains(nameof(AbandonedMutexException), StringComparison.Ordinal)
            ? result
            : throw new InvalidOperationException($"{string.Join(' ', start.ArgumentList)} crashed: {result.Errors}");
    }
}
