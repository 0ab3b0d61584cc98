using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Gateway;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>The command of a container engine, <c>docker</c> or <c>podman</c>, which take the same words.</summary>
/// <param name="Command">The command.</param>
/// <param name="Platform">What it runs, for example <c>linux/amd64</c>.</param>
internal sealed record Engine(string Command, string Platform)
{
    /// <summary>Names another command.</summary>
    public const string Variable = "FLOWKIT_ENGINE";

    private static readonly string[] s_known = ["docker", "podman"];
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Finds the engine and asks whether it runs.</summary>
    /// <exception cref="FlowKitException">There is none, or it does not answer.</exception>
    public static async Task<Engine> FindAsync(CancellationToken cancellationToken)
    {
        var named = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own ? own : null;
        var command = named ?? Array.Find(s_known, IsOnPath)
            ?? throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                "a container needs an engine, and neither 'docker' nor 'podman' is on the PATH; "
                    + $"install one, or name its command with {Variable}");
        var engine = new Engine(command, "");
        var answer = await engine.RunAsync(["version", "--format", "{{json .}}"], cancellationToken);
        return answer.ExitCode == 0 && PlatformIn(answer.Output) is { } platform
            ? engine with { Platform = platform }
            : throw new FlowKitException(FlowErrorCode.FailedPrecondition, Explain(command, answer.LastError));
    }

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="FlowKitException">It cannot be started, or does not end.</exception>
    public async Task<EngineAnswer> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            Command, arguments)
        { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        SecretVariables.RemoveFrom(start.Environment);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        using var process = Start(start);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new EngineAnswer(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new FlowKitException(
                FlowErrorCode.Unavailable, $"the engine '{Command}' did not answer '{arguments.First()}' within {s_limit.TotalSeconds} s");
        }
    }

    /// <summary>Returns the start of a command that lives on, apart from the terminal, whose Ctrl-C is for the flow alone.</summary>
    public ProcessStartInfo Background(IEnumerable<string> arguments) =>
        IsOnPath("setsid") ? new ProcessStartInfo("setsid", [Command, .. arguments]) : new ProcessStartInfo(Command, arguments);

    public static bool IsOnPath(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, command)) || File.Exists(Path.Combine(folder, $"{command}.exe")));

    /// <summary>Docker tells the platform of its server; podman, which has none on Linux, that of the command.</summary>
    /// <returns><see langword="null"/> when it tells none.</returns>
    internal static string? PlatformIn(string version)
    {
        try
        {
            var told = JsonNode.Parse(version);
            var side = told?["Server"] ?? told?["Client"];
            return (string?)side?["OsArch"] ?? (side?["Os"] is { } os && side["Arch"] is { } arch ? $"{os}/{arch}" : null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"the engine's command '{start.FileName}' cannot be started: {exception.Message}; correct {Variable}",
                exception);
        }
    }

    private static string Explain(string command, string error) =>
        error.Contains("permission denied", StringComparison.OrdinalIgnoreCase)
            ? $"this user may not ask the engine '{command}': {error}; add the user to the group 'docker', or run the flow as one who may"
            : $"the engine '{command}' does not run: {error}; start it, or name another with {Variable}";
}
