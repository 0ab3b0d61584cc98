using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using FlowKit.Components;
using FlowKit.Components.Launching;
using FlowKit.Configuration.Executors;
using FlowKit.Serving.Ipc;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary>Stands for an executor in a process of its own, which is asked over Unix sockets that nobody else can open.</summary>
/// <param name="config">Its entry.</param>
/// <param name="sharesMemory">Whether large bodies go through shared memory.</param>
internal sealed class ProcessExecutor(ExecutorConfig config, bool sharesMemory) : LaunchedExecutor
{
    /// <summary>Less than what the pool waits for one that is disposed.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkerSocket? _socket;
    private Child? _child;
    private WorkerConnection? _connection;
    private MemoryWatch? _memory;

    /// <inheritdoc/>
    public override Task<string> Ended => _ended.Task;

    /// <inheritdoc/>
    public override string? Progress => _child is { } child ? $"process {child.Id} runs and does not serve yet{child.Tail()}" : null;

    private string Replica => WorkerNames.Of(Context);

    /// <summary>Starts the process and waits until it serves.</summary>
    /// <inheritdoc/>
    public override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _socket = WorkerSocket.Create();
        _child = await Child.StartAsync(StartInfo(_socket.Path), new WorkerLog(Replica, Context.Logger, Context.TimeProvider));
        _ = TellEndAsync(_child);
        if (config.Launch!.MemoryBytes is { } limit)
        {
            _memory = MemoryWatch.Start(_child, limit, Context.TimeProvider);
        }

        await _child.WriteLineAsync((WorkerEntry.Of(config, Context) with { IpcSocket = _socket.IpcPath }).ToJson());
        _connection = new WorkerConnection(
            Context.Name,
            new Uri("http://worker"),
            new UnixDomainSocketEndPoint(_socket.Path),
            Ended,
            Context.TimeProvider,
            new IpcClient(_socket.IpcPath, sharesMemory, Context.TimeProvider));
        await _connection.WaitReadyAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<object?> InvokeAsync(ExecutorCall call) => _connection!.InvokeAsync(call);

    /// <inheritdoc/>
    public override IAsyncEnumerable<Document>? StreamAsync(ExecutorCall call, bool streams) =>
        streams && call.Parts is null ? _connection!.StreamAsync(call, isOwn: true) : null;

    /// <inheritdoc/>
    internal override Task<string?> ReadMetricsAsync(string accepted, CancellationToken cancellationToken) =>
        _connection!.ReadMetricsAsync(accepted, cancellationToken);

    /// <inheritdoc/>
    public override void Kill() => _child?.Kill();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_child is not null)
        {
            await _child.StopAsync(s_grace, Context.TimeProvider);
            await _child.DisposeAsync();
        }

        _memory?.Dispose();
        _connection?.Dispose();
        _socket?.Dispose();
        await base.DisposeAsync();
    }

    private async Task TellEndAsync(Child child)
    {
        var code = await child.Exited.ConfigureAwait(false);
        var what = string.Create(CultureInfo.InvariantCulture, $"process {child.Id}");
        _ended.TrySetResult(_memory?.Exceeded is { } used
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{what} used {used >> 20} MiB, more than its memory of {config.Launch!.MemoryBytes >> 20} MiB, "
                    + $"and was ended{child.Tail()}")
            : child.Explain(what, code));
    }

    private ProcessStartInfo StartInfo(string socket)
    {
        var start = WorkerCommand.StartInfo(
            ["executor", "--entry", "-", "--socket", socket, "--parent", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        start.WorkingDirectory = config.Launch!.WorkingDirectory is { } folder
            ? Path.GetFullPath(folder, Context.BaseDirectory)
            : Context.BaseDirectory;
        if (!Directory.Exists(start.WorkingDirectory))
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"working_dir: the folder '{start.WorkingDirectory}' is not there; make it, or correct the path");
        }

        WorkerEnvironment.Set(start.Environment, Context);
        if (config.Launch.MemoryBytes is { } limit)
        {
            MemoryWatch.LimitHeap(start.Environment, limit);
        }

        return start;
    }
}
