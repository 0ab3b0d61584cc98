using System.Buffers;
using System.Text;
using FlowKit.Wire.Proto;
using Grpc.Core;

namespace FlowKit.Serving.Ipc;

/// <summary>
/// Carries frames out and in over a connected socket, at one end of a connection. One sends at a time, and one receives. A large body is in
/// memory that both sides share; since the other side asks or answers only when it has taken the body, its place is free for the next.
/// </summary>
/// <param name="socket">The socket, which is closed with it.</param>
/// <param name="options">How bodies are carried.</param>
internal sealed class IpcConnection(IIpcSocket socket, IpcOptions options) : IDisposable
{
    private const int BufferSize = (64 << 10) + IpcFrameHeader.Size + BlockWriter.Slack;

    private readonly byte[] _input = new byte[BufferSize];
    private readonly byte[] _output = new byte[BufferSize];
    private readonly BlockWriter _writer = new();
    private SharedOutput? _ownMemory;
    private SharedInput? _otherMemory;
    private bool _sharesNothing = options.SharedLimit == 0;
    private volatile bool _mayShare;
    private int _start;
    private int _end;

    /// <summary>Says hello, with memory of its own unless the other side has said that it has none.</summary>
    public ValueTask GreetAsync(CancellationToken cancellationToken)
    {
        _ownMemory ??= _sharesNothing ? null : SharedOutput.TryCreate(options.SharedLimit);
        Say(new IpcFrameHeader(IpcFrameKind.Hello, 0) { File = _ownMemory?.File ?? -1 });
        return SendAsync(_output.AsMemory(0, IpcFrameHeader.Size), cancellationToken);
    }

    /// <summary>Sends a message.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="wait">How long its caller still waits.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up; the connection is then of no more use.</param>
    /// <exception cref="InvalidOperationException">The message was changed meanwhile; nothing is sent.</exception>
    public ValueTask SendAsync<T>(IpcFrameKind kind, TimeSpan? wait, MeasuredMessage<T> message, CancellationToken cancellationToken)
    {
        var header = new IpcFrameHeader(kind, message.Size) { Wait = wait };
        if (_mayShare && message.Size >= options.SharedFrom && _ownMemory?.TryWrite(message) == true)
        {
            Say(header with { Flags = IpcFrameFlags.IsShared });
            return SendAsync(_output.AsMemory(0, IpcFrameHeader.Size), cancellationToken);
        }

        return message.Size <= BufferSize - IpcFrameHeader.Size - BlockWriter.Slack
            ? SendAsync(Put(header, message, _output), cancellationToken)
            : SendLargeAsync(header, message, cancellationToken);
    }

    /// <summary>Says why there is no answer.</summary>
    public ValueTask RefuseAsync(Status status, TimeSpan? comeAgain, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetBytes(status.Detail);
        var header = new IpcFrameHeader(IpcFrameKind.Refusal, text.Length) { Code = status.StatusCode, Wait = comeAgain };
        return SendSmallAsync(header, text, cancellationToken);
    }

    /// <summary>Says which trace the next request belongs to.</summary>
    public ValueTask TellTraceAsync(byte[] trace, CancellationToken cancellationToken) =>
        SendSmallAsync(new IpcFrameHeader(IpcFrameKind.Trace, trace.Length), trace, cancellationToken);

    /// <summary>Takes the next frame.</summary>
    /// <param name="limit">The largest body that is taken, in bytes.</param>
    /// <param name="cancellationToken">Gives up; the connection is then of no more use.</param>
    /// <returns><see langword="null"/> when the other side has closed the connection.</returns>
    /// <exception cref="InvalidDataException">What came is no frame.</exception>
    /// <exception cref="EndOfStreamException">The other side has closed the connection inside a frame.</exception>
    public async ValueTask<IpcFrame?> ReceiveAsync(int limit, CancellationToken cancellationToken)
    {
        if (!await TakeHeaderAsync(cancellationToken))
        {
            return null;
        }

        var header = IpcFrameHeader.Read(_input.AsSpan(_start));
        _start += IpcFrameHeader.Size;
        _mayShare = header.Flags.HasFlag(IpcFrameFlags.TakesShared);
        if (header.Kind == IpcFrameKind.Hello)
        {
            Meet(header);
        }

        if (header.Flags.HasFlag(IpcFrameFlags.IsShared))
        {
            return new IpcFrame(header, header.Length <= limit ? Fetch(header.Length) : null);
        }

        if (header.Length > limit)
        {
            await PassOverAsync(header.Length, cancellationToken);
            return new IpcFrame(header, null);
        }

        var body = header.Length == 0 ? [] : GC.AllocateUninitializedArray<byte>(header.Length);
        var here = Math.Min(header.Length, _end - _start);
        _input.AsSpan(_start, here).CopyTo(body);
        _start += here;
        while (here < body.Length)
        {
            here += await TakeAsync(body.AsMemory(here), cancellationToken);
        }

        return new IpcFrame(header, body);
    }

    /// <summary>Closes it. What is being sent or received fails.</summary>
    public void Dispose()
    {
        socket.Dispose();
        (_ownMemory as IDisposable)?.Dispose();
        _otherMemory?.Dispose();
    }

    /// <summary>Opens the other's memory; without it bodies come through the socket.</summary>
    private void Meet(IpcFrameHeader hello)
    {
        _sharesNothing |= hello.File < 0;
        if (!_sharesNothing && _otherMemory is null && socket.Peer is { } process)
        {
            _otherMemory = SharedInput.TryOpen(process, hello.File);
        }
    }

    private ValueTask SendSmallAsync(IpcFrameHeader header, byte[] body, CancellationToken cancellationToken)
    {
        var frame = new byte[IpcFrameHeader.Size + body.Length];
        Mark(header).Write(frame);
        body.CopyTo(frame, IpcFrameHeader.Size);
        return SendAsync(frame, cancellationToken);
    }

    private byte[] Fetch(int length)
    {
        var memory = _otherMemory ?? throw new InvalidDataException("a body is in memory that was not shared");
        var body = GC.AllocateUninitializedArray<byte>(length);
        memory.Read(body);
        return body;
    }

    private void Say(IpcFrameHeader header) => Mark(header).Write(_output);

    private IpcFrameHeader Mark(IpcFrameHeader header) =>
        _otherMemory is null ? header : header with { Flags = header.Flags | IpcFrameFlags.TakesShared };

    private Memory<byte> Put<T>(IpcFrameHeader header, MeasuredMessage<T> message, byte[] buffer)
    {
        _writer.Use(buffer.AsMemory(IpcFrameHeader.Size));
        message.Write(_writer);
        Mark(header).Write(buffer);
        return buffer.AsMemory(0, IpcFrameHeader.Size + message.Size);
    }

    private async ValueTask SendLargeAsync<T>(IpcFrameHeader header, MeasuredMessage<T> message, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(IpcFrameHeader.Size + message.Size + BlockWriter.Slack);
        try
        {
            await SendAsync(Put(header, message, buffer), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < frame.Length;)
        {
            sent += await socket.SendAsync(frame[sent..], cancellationToken);
        }
    }

    /// <summary>Takes at least a header, and what came with it.</summary>
    private async ValueTask<bool> TakeHeaderAsync(CancellationToken cancellationToken)
    {
        var left = _end - _start;
        if (left < IpcFrameHeader.Size && _start > 0)
        {
            _input.AsSpan(_start, left).CopyTo(_input);
            (_start, _end) = (0, left);
        }

        while (_end - _start < IpcFrameHeader.Size)
        {
            var got = await socket.ReceiveAsync(_input.AsMemory(_end), cancellationToken);
            if (got == 0)
            {
                return _end == _start
                    ? false
                    : throw new EndOfStreamException(
                        $"The connection was closed inside a header, after {_end - _start} of {IpcFrameHeader.Size} bytes.");
            }

            _end += got;
        }

        return true;
    }

    private async ValueTask PassOverAsync(long length, CancellationToken cancellationToken)
    {
        var here = (int)Math.Min(length, _end - _start);
        _start += here;
        for (length -= here; length > 0;)
        {
            (_start, _end) = (0, 0);
            length -= await TakeAsync(_input.AsMemory(0, (int)Math.Min(length, _input.Length)), cancellationToken);
        }
    }

    private async ValueTask<int> TakeAsync(Memory<byte> target, CancellationToken cancellationToken) =>
        await socket.ReceiveAsync(target, cancellationToken) is > 0 and var got
            ? got
            : throw new EndOfStreamException("The connection was closed inside a message.");
}
