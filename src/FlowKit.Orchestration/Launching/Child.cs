using System.Diagnostics;
using System.Globalization;
using FlowKit.Components.Launching;

namespace FlowKit.Orchestration.Launching;

/// <summary>A program that was started for one replica: its input, its log, and how it ended.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan s_restOfLog = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly WorkerLog _log;
    private readonly Task _reading;

    private Child(Process process, WorkerLog log, Action<string> read)
    {
        _process = process;
        _log = log;
        _reading = Task.WhenAll(
            LineReader.ReadAsync(process.StandardOutput.BaseStream, read),
            LineReader.ReadAsync(process.StandardError.BaseStream, read));
        Exited = WaitAsync();
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Completes with its exit code, when the rest of its log is read.</summary>
    public Task<int> Exited { get; }

    /// <summary>Its last lines, for an error.</summary>
    public IReadOnlyList<string> LastLines => _log.LastLines;

    /// <summary>Starts a program.</summary>
    /// <param name="start">What is started.</param>
    /// <param name="log">Takes what it writes.</param>
    /// <param name="heard">Takes it as well.</param>
    /// <exception cref="FlowKitException">It cannot be started.</exception>
    public static async Task<Child> StartAsync(ProcessStartInfo start, WorkerLog log, Action<string>? heard = null)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            return new Child(await LaunchingThread.RunAsync(() => Process.Start(start)!), log, log.Add + heard);
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition, $"'{start.FileName}' cannot be started: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a line to it. One that is gone or does not read is told by its end, not here.</summary>
    public async Task WriteLineAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended before it read.
        }
    }

    /// <summary>Asks it to stop, and ends it when it does not in time.</summary>
    public async Task StopAsync(TimeSpan grace, TimeProvider time)
    {
        if (!Exited.IsCompleted)
        {
            Signals.Terminate(_process.Id);
        }

        try
        {
            await Exited.WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            Kill();
            await Exited;
        }
    }

    /// <summary>Ends it and what it started.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Tells, once it has ended, by which exit code or signal, with the last lines of its log.</summary>
    /// <param name="what">Its description, for example <c>its process 123</c>.</param>
    /// <param name="code">Its exit code.</param>
    public string Explain(string what, int code) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} ended with {ExitCodes.Describe(code)}{Tail()}");

    /// <summary>The last lines of its log as the end of a message; nothing when there are none.</summary>
    public string Tail() => LastLines is { Count: > 0 } lines ? WorkerLines.Tell(lines) : ", without a word";

    public ValueTask DisposeAsync()
    {
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A pipe may be held open by what it started in turn, which does not keep its own end from being told.</summary>
    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await Task.WhenAny(_reading, Task.Delay(s_restOfLog)).ConfigureAwait(false);
        _log.End();
        return _process.ExitCode;
    }
}
