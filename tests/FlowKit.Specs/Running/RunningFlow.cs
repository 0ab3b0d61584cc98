using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace FlowKit.Specs.Running;

/// <summary><c>flowkit run</c> as a process of its own, on a free port.</summary>
internal sealed partial class RunningFlow : IAsyncDisposable
{
    /// <summary>What a flow says, and what a program's own server does.</summary>
    private static readonly string[] s_readyMarks = [" is ready to serve at ", "Now listening on: "];

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan s_leave = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningFlow(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The flow ended with {process.ExitCode}:\n{Log}"));
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public string Address { get; private set; } = "";

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    public HttpClient Http { get; private set; } = new();

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public static Task<RunningFlow> StartAsync(string flow, string workspace, params string[] arguments) =>
        StartAsync(FlowKitCommand.StartInfo(["run", flow, "--port", "0", "--workspace", workspace, .. arguments]));

    /// <summary>A program that serves a flow, on a free port.</summary>
    public static async Task<RunningFlow> StartAsync(ProcessStartInfo start)
    {
        var flowRun = await BeginAsync(start);
        flowRun.Http = new HttpClient { BaseAddress = new Uri(flowRun.Address), Timeout = s_limit };
        return flowRun;
    }

    /// <summary><c>flowkit executor</c>, whose address is one of gRPC.</summary>
    public static Task<RunningFlow> StartExecutorAsync(string workspace, params string[] arguments) =>
        StartExecutorAsync(FlowKitCommand.StartInfo(["executor", "--workspace", workspace, .. arguments]));

    /// <summary><c>flowkit executor</c> as it is to be started.</summary>
    public static Task<RunningFlow> StartExecutorAsync(ProcessStartInfo start) => BeginAsync(start);

    /// <summary><c>flowkit run</c>, which may never be ready.</summary>
    public static RunningFlow Begin(string flow, string workspace) => new(Process.Start(FlowKitCommand.StartInfo(["run", flow, "--port", "0", "--workspace", workspace]))!);

    private static async Task<RunningFlow> BeginAsync(ProcessStartInfo start)
    {
        var flowRun = new RunningFlow(Process.Start(start)!);
        try
        {
            flowRun.Address = await flowRun._ready.Task.WaitAsync(s_limit);
        }
        catch (Exception e)
        {
            await flowRun.DisposeAsync();
            throw e is TimeoutException ? new TimeoutException($"The flow was not ready after {s_limit.TotalMinutes} min:\n{flowRun.Log}", e) : e;
        }

        return flowRun;
    }

    /// <summary>Asks for a drained stop, as <c>docker stop</c> or Ctrl-C does.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        _ = Kill(_process.Id, 15);
        return await EndAsync();
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_limit);
        return _process.ExitCode;
    }

    /// <summary>Waits until the log says something.</summary>
    public async Task LoggedAsync(string text)
    {
        var began = Stopwatch.GetTimestamp();
        while (!Log.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < s_limit, $"'{text}' was not logged:\n{Log}");
            await Task.Delay(50);
        }
    }

    /// <summary>Waits until a request, which must take seconds, is under way in the flow.</summary>
    public async Task AcceptedAsync()
    {
        while ((int)(await Http.GetFromJsonAsync<JsonObject>("/status"))!["flow"]!["in_flight"]! == 0)
        {
            await Task.Delay(20);
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(s_limit);
    }

    /// <summary>Asks it to stop before it is killed: what it knows of its own run, such as which lines ran, is written as it ends.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, 15);
            await _process.WaitForExitAsync().WaitAsync(s_leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
        }

        foreach (var mark in s_readyMarks.Where(mark => line.Contains(mark, StringComparison.Ordinal)))
        {
            _ready.TrySetResult(line.Split(mark)[1].Split(' ')[0].TrimEnd('.'));
        }
    }
}
