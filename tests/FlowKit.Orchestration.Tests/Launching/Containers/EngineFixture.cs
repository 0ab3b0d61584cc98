using System.Diagnostics;
using FlowKit.Specs.Running;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>A running Docker engine with FlowKit's image of this build; started here when it does not run and this user may.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>One engine for all tests of this process: a class that ends must not take it from another.</summary>
    private static readonly Lazy<Task> s_engine = new(StartAsync);

    /// <summary>Why tests of containers are skipped; <see langword="null"/> when they run.</summary>
    public static string? WhyMissing { get; } =
        !Engine.IsOnPath("docker") ? "needs Docker (docker.io), which is not installed"
        : Answers() || (Environment.UserName == "root" && Engine.IsOnPath("dockerd")) ? null
        : "needs a running Docker engine, or root to start one";

    /// <summary>Runs a command of the engine.</summary>
    public static async Task<string> DockerAsync(params string[] arguments)
    {
        var answer = await new Engine("docker", "").RunAsync(arguments, CancellationToken.None);
        Assert.True(answer.ExitCode == 0, $"docker {string.Join(' ', arguments)}: {answer.Errors}");
        return answer.Output.Trim();
    }

    /// <summary>The containers of flows, running or not.</summary>
    public static async Task<string[]> ContainersAsync() =>
        (await DockerAsync("ps", "--all", "--filter", $"label={Sweep.OwnerLabel}", "--format", "{{.Names}}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Builds an image of a Dockerfile's text.</summary>
    public static async Task BuildAsync(string tag, string dockerfile, params string[] options)
    {
        using var folder = new TemporaryFolder();
        folder.File("Dockerfile", dockerfile);
        await DockerAsync(["build", "--quiet", "--tag", tag, .. options, folder.Path]);
    }

    /// <summary>Runs a script that makes an image.</summary>
    /// <returns>What it prints.</returns>
    public static async Task<string> RunScriptAsync(string script, params string[] arguments)
    {
        using var build = Process.Start(new ProcessStartInfo(script, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = build.StandardOutput.ReadToEndAsync();
        var errors = build.StandardError.ReadToEndAsync();
        await build.WaitForExitAsync().WaitAsync(s_limit);
        Assert.True(build.ExitCode == 0, await errors);
        return (await output).Trim();
    }

    public Task InitializeAsync() => WhyMissing is null ? s_engine.Value : Task.CompletedTask;

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task StartAsync()
    {
        if (!Answers())
        {
            var folder = Directory.CreateTempSubdirectory("flowkit-engine-").FullName;
            var log = Path.Combine(folder, "log");
            var daemon = Process.Start("/bin/sh", ["-c", $"exec dockerd --data-root {folder}/data --exec-root {folder}/exec --pidfile {folder}/pid >{log} 2>&1"]);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(daemon, folder);
            var began = Stopwatch.GetTimestamp();
            while (!Answers())
            {
                Assert.True(Stopwatch.GetElapsedTime(began) < s_limit && !daemon.HasExited, $"dockerd did not start:\n{await File.ReadAllTextAsync(log)}");
                await Task.Delay(200);
            }
        }

        await MakeImageAsync();
    }

    private static void Stop(Process daemon, string folder)
    {
        Signals.Terminate(daemon.Id);
        if (daemon.WaitForExit(s_limit))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MakeImageAsync() =>
        Assert.Equal(ContainerImage.Own, await RunScriptAsync(Repository.At("eng", "container", "build.sh")));

    private static bool Answers()
    {
        using var process = Process.Start(new ProcessStartInfo("docker", ["version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
