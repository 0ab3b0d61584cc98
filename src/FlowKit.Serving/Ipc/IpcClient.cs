using System.Diagnostics;
using System.Text;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Proto;
using Grpc.Core;

namespace FlowKit.Serving.Ipc;

/// <summary>
/// Asks a worker over connections: one call at a time on each, and as many connections as there are calls at once. Giving a call up closes
/// its connection, which tells the worker. Thread-safe.
/// </summary>
public sealed class IpcClient : IDisposable
{
    private readonly string _path;
    private readonly IpcOptions _options;
    private readonly TimeProvider _time;
    private readonly IpcConnectionPool _idle;
    private readonly IpcBusyWait _waits = new();

    /// <summary>Prepares it; nothing is connected yet.</summary>
    /// <param name="path">The worker's socket.</param>
    /// <param name="sharesMemory">Whether large bodies go through shared memory where the system has it.</param>
    /// <param name="time">Time.</param>
    public IpcClient(string path, bool sharesMemory, TimeProvider time)
        : this(path, sharesMemory ? IpcOptions.Default : IpcOptions.Default with { SharedLimit = 0 }, time)
    {
    }

    internal IpcClient(string path, IpcOptions options, TimeProvider time)
    {
        (_path, _options, _time) = (path, options, time);
        _idle = new IpcConnectionPool(options.IdleLimit, time);
    }

    /// <inheritdoc/>
    public void Dispose() => _idle.Dispose();

    /// <summary>Has it answer a message.</summary>
    /// <param name="kind">What the message is.</param>
    /// <param name="message">The message.</param>
    /// <param name="timeout">How long the whole call may take; the worker is told.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>The answer's bytes, which are the caller's own.</returns>
    /// <exception cref="RpcException">The worker refused, or is gone.</exception>
    internal async Task<ReadOnlyMemory<byte>> SendAsync<T>(
        IpcFrameKind kind, MeasuredMessage<T> message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using var life = new IpcCallLifetime(timeout, _time, cancellationToken);
        IpcClientConnection? connection = null;
        IpcFrame frame;
        try
        {
            connection = _idle.Take() ?? await OpenAsync(life.Token);
            var began = Stopwatch.GetTimestamp();
            if (IpcTrace.Current() is { } trace)
            {
                await connection.Frames.TellTraceAsync(trace, life.Token);
            }

            await connection.Frames.SendAsync(kind, timeout, message, life.Token);
            _waits.WaitFor(connection.Socket);
            frame = await ReceiveAsync(connection.Frames, life.Token);
            _waits.Note(began);
        }
        catch (Exception exception)
        {
            connection?.Frames.Dispose();
            throw life.Translate(exception);
        }

        _idle.Keep(connection);
        return frame.Header.Kind == IpcFrameKind.Answer ? frame.Body : throw Refused(frame);
    }

    private async Task<IpcClientConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new IpcClientSocket();
        var connection = new IpcClientConnection(socket, new IpcConnection(socket, _options));
        try
        {
            await socket.ConnectAsync(_path, cancellationToken);
            await connection.Frames.GreetAsync(cancellationToken);
            return await ReceiveAsync(connection.Frames, cancellationToken) is { Header.Kind: IpcFrameKind.Hello }
                ? connection
                : throw new InvalidDataException("the worker does not say hello");
        }
        catch
        {
            connection.Frames.Dispose();
            throw;
        }
    }

    private static async ValueTask<IpcFrame> ReceiveAsync(IpcConnection connection, CancellationToken cancellationToken) =>
        await connection.ReceiveAsync(Array.MaxLength, cancellationToken) switch
        {
            null => throw RpcErrors.Create(StatusCode.Unavailable, "The worker has closed the connection."),
            { Body: null } => throw new InvalidDataException("it is larger than an array can be"),
            { Header.Kind: IpcFrameKind.Request or IpcFrameKind.Parts or IpcFrameKind.Trace } =>
                throw new InvalidDataException("the worker asks instead of answering"),
            { } frame => frame,
        };

    private static RpcException Refused(IpcFrame frame) =>
        RpcErrors.Create(frame.Header.Code, Encoding.UTF8.GetString(frame.Body!), RetryAfter.Of(frame.Header.Wait));
}
