using System.Diagnostics;
using System.Text;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Proto;
using Grpc.Core;

namespace FlowKit.Serving.Lines;

/// <summary>
/// Asks a worker over lines: one call at a time on each, and as many lines as there are calls at once. Giving a call up closes its line, which
/// tells the worker. Thread-safe.
/// </summary>
public sealed class LineClient : IDisposable
{
    private readonly string _path;
    private readonly LineOptions _options;
    private readonly TimeProvider _time;
    private readonly IdleLines _idle;
    private readonly LineWaits _waits = new();

    /// <summary>Prepares it; nothing is connected yet.</summary>
    /// <param name="path">The worker's socket.</param>
    /// <param name="sharesMemory">Whether large bodies go through shared memory where the system has it.</param>
    /// <param name="time">Time.</param>
    public LineClient(string path, bool sharesMemory, TimeProvider time)
        : this(path, sharesMemory ? LineOptions.Default : LineOptions.Default with { SharedLimit = 0 }, time)
    {
    }

    internal LineClient(string path, LineOptions options, TimeProvider time)
    {
        (_path, _options, _time) = (path, options, time);
        _idle = new IdleLines(options.IdleLimit, time);
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
    internal async Task<ReadOnlyMemory<byte>> AskAsync<T>(LineKind kind, MeasuredMessage<T> message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using var life = new CallLife(timeout, _time, cancellationToken);
        CalledLine? line = null;
        LineFrame frame;
        try
        {
            line = _idle.Take() ?? await OpenAsync(life.Token);
            var began = Stopwatch.GetTimestamp();
            await line.End.SendAsync(kind, timeout, message, life.Token);
            _waits.WaitFor(line.Socket);
            frame = await ReceiveAsync(line.End, life.Token);
            _waits.Note(began);
        }
        catch (Exception exception)
        {
            line?.End.Dispose();
            throw life.Translate(exception);
        }

        _idle.Keep(line);
        return frame.Header.Kind == LineKind.Answer ? frame.Body : throw Refused(frame);
    }

    private async Task<CalledLine> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new CallingSocket();
        var line = new CalledLine(socket, new LineEnd(socket, _options));
        try
        {
            await socket.ConnectAsync(_path, cancellationToken);
            await line.End.GreetAsync(cancellationToken);
            return await ReceiveAsync(line.End, cancellationToken) is { Header.Kind: LineKind.Hello } ? line : throw new InvalidDataException("the worker does not say hello");
        }
        catch
        {
            line.End.Dispose();
            throw;
        }
    }

    private static async ValueTask<LineFrame> ReceiveAsync(LineEnd line, CancellationToken cancellationToken) =>
        await line.ReceiveAsync(Array.MaxLength, cancellationToken) switch
        {
            null => throw RpcErrors.Create(StatusCode.Unavailable, "The worker has closed the line."),
            { Body: null } => throw new InvalidDataException("it is larger than an array can be"),
            { Header.Kind: LineKind.Request or LineKind.Parts } => throw new InvalidDataException("the worker asks instead of answering"),
            { } frame => frame,
        };

    private static RpcException Refused(LineFrame frame) =>
        RpcErrors.Create(frame.Header.Code, Encoding.UTF8.GetString(frame.Body!), RetryAfter.Of(frame.Header.Wait));
}
