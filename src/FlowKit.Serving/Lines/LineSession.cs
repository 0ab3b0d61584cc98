using System.Net.Sockets;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Grpc;
using FlowKit.Serving.Grpc;
using FlowKit.Serving.Worker;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Lines;

/// <summary>
/// The worker's end of one line: answers one call after the other. The next frame is waited for while a call is answered, so that the end of the
/// line, which gives the call up, is seen at once.
/// </summary>
internal sealed partial class LineSession(LineEnd line, FlowRuntime flow, WorkerCalls calls, int limit, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private Task _answering = Task.CompletedTask;
    private volatile bool _isAnswering;
    private volatile bool _isStopping;

    /// <summary>Serves the line to its end.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (await line.ReceiveAsync(limit, CancellationToken.None) is not { Header.Kind: LineKind.Hello })
            {
                return;
            }

            await line.GreetAsync(CancellationToken.None);
            var receiving = ReceiveAsync();
            while (await receiving is { } frame)
            {
                // A gateway may be faster with its next call than the last one's end is here.
                await _answering;
                receiving = ReceiveAsync();
                _answering = AnswerAsync(frame);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or SocketException or ObjectDisposedException)
        {
            if (exception is InvalidDataException)
            {
                Log.Misunderstood(logger, exception.Message);
            }
        }
        finally
        {
            line.Dispose();
            await _answering;
            _gone.Dispose();
        }
    }

    /// <summary>Closes the line when what is asked already is answered.</summary>
    public void Stop()
    {
        _isStopping = true;
        Interlocked.MemoryBarrier();
        if (!_isAnswering)
        {
            line.Dispose();
        }
    }

    /// <summary>Closes the line now.</summary>
    public void Dispose() => line.Dispose();

    private async Task<LineFrame?> ReceiveAsync()
    {
        LineFrame? frame = null;
        try
        {
            frame = await line.ReceiveAsync(limit, CancellationToken.None);
            return frame is { Header.Kind: not (LineKind.Request or LineKind.Parts) } ? throw new InvalidDataException("a gateway sends only requests") : frame;
        }
        finally
        {
            if (frame is null)
            {
                // Whoever works on the call may be on the very thread that would look at the frame.
                await _gone.CancelAsync();
            }
        }
    }

    private async Task AnswerAsync(LineFrame frame)
    {
        _isAnswering = true;
        var caller = new LineCaller(frame.Header.Wait, time, _gone.Token);
        try
        {
            var answer = await AnswerAsync(frame, caller);
            await line.SendAsync(LineKind.Answer, null, DataRequestCodec.Measure(answer.Request, answer.Dialect), CancellationToken.None);
        }
        catch (Exception exception) when (exception is not (SocketException or ObjectDisposedException))
        {
            await RefuseAsync(exception, caller);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Nobody waits any more.
        }

        _isAnswering = false;
        Interlocked.MemoryBarrier();
        if (_isStopping)
        {
            line.Dispose();
        }
    }

    private async Task<JinaMessage> AnswerAsync(LineFrame frame, LineCaller caller)
    {
        if (frame.Body is not { } body)
        {
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"A message of {frame.Header.Length} bytes is larger than the limit of {limit} bytes.");
        }

        if (!flow.TryAdmit(out var permit, out var refusal))
        {
            throw FlowCalls.Refused(refusal);
        }

        using var place = permit;
        return frame.Header.Kind == LineKind.Parts
            ? await calls.AnswerAsync(new JinaMessageList(DataRequestListCodec.Read(body), DocArrayDialect.V1), permit, caller)
            : await ((IJinaCalls)calls).AnswerAsync(new JinaMessage(DataRequestCodec.Read(body), DocArrayDialect.V1), permit, caller);
    }

    private async Task RefuseAsync(Exception exception, LineCaller caller)
    {
        if (GrpcErrors.StatusOf(exception, caller) is not { } status)
        {
            Log.Unforeseen(logger, exception);
            status = new GrpcStatus(GrpcStatusCode.Unknown, "The worker failed.");
        }

        try
        {
            await line.RefuseAsync(status, exception is GrpcException known ? GrpcRetryAfter.Find(known.Trailers) : null, CancellationToken.None);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(313, LogLevel.Error, "A call over a line failed in the worker")]
        public static partial void Unforeseen(ILogger logger, Exception exception);

        [LoggerMessage(314, LogLevel.Warning, "A line is closed: {Reason}")]
        public static partial void Misunderstood(ILogger logger, string reason);
    }
}
