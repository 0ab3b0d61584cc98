using System.Diagnostics;
using System.Net.Sockets;
using FlowKit.Serving.Grpc;
using FlowKit.Telemetry;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Proto;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Ipc;

/// <summary>
/// The worker's end of a connection, with a thread of its own that takes frames and answers them: a short call begins and ends on it. The
/// end of the connection gives up what is asked: the thread sees it when it waits for the next frame, and <see cref="LookAfter"/> while it
/// works on a call.
/// </summary>
internal sealed partial class IpcSession : IDisposable
{
    private readonly IpcServerSocket _socket;
    private readonly IpcConnection _connection;
    private readonly IpcRequestHandler _answers;
    private readonly ILogger _logger;
    private readonly Action _begun;

    // Never disposed: an executor that ignores it may still hold it, and it has no timer.
    private readonly CancellationTokenSource _gone = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _sending = new();
    private int _underWay;

    // Odd while the thread waits for a frame, and another number each time.
    private int _turn;
    private volatile bool _isStopping;

    /// <param name="socket">The socket, connected.</param>
    /// <param name="options">How bodies are carried.</param>
    /// <param name="answers">Answers.</param>
    /// <param name="begun">Is told when a call begins.</param>
    /// <param name="logger">The log.</param>
    public IpcSession(Socket socket, IpcOptions options, IpcRequestHandler answers, Action begun, ILogger logger)
    {
        _socket = new IpcServerSocket(socket);
        _connection = new IpcConnection(_socket, options);
        (_answers, _begun, _logger) = (answers, begun, logger);
    }

    /// <summary>Completes when the connection is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Returns whether something is asked.</summary>
    public bool IsAnswering => Volatile.Read(ref _underWay) > 0;

    /// <summary>Serves the connection to its end.</summary>
    public void Start() => new Thread(Run) { IsBackground = true, Name = "FlowKit ipc" }.Start();

    /// <summary>Gives up what is asked when the other side has closed the connection.</summary>
    public void LookAfter()
    {
        var turn = Volatile.Read(ref _turn);
        try
        {
            // What the thread takes meanwhile would look like an end.
            if (int.IsEvenInteger(turn) && _socket.IsClosedByPeer && Volatile.Read(ref _turn) == turn)
            {
                _ = _gone.CancelAsync();
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The thread sees it too.
        }
    }

    /// <summary>Closes the connection when what is asked already is answered.</summary>
    public void Stop()
    {
        _isStopping = true;
        Interlocked.MemoryBarrier();
        if (!IsAnswering)
        {
            Dispose();
        }
    }

    /// <summary>Closes the connection now.</summary>
    public void Dispose() => _connection.Dispose();

    private static bool IsEnd(Exception exception) => exception is SocketException or ObjectDisposedException or EndOfStreamException;

    /// <summary>Takes the result: what the worker's socket does is done when it returns.</summary>
    private static T Done<T>(ValueTask<T> task) =>
        task.IsCompleted ? task.Result : throw new InvalidOperationException("The socket did not wait.");

    private static void Done(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            task.GetAwaiter().GetResult();
        }
    }

    private void Run()
    {
        try
        {
            Serve();
        }
        catch (InvalidDataException exception)
        {
            Log.Misunderstood(_logger, exception.Message);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The gateway has closed it, or this side.
        }
        catch (Exception exception)
        {
            Log.Unforeseen(_logger, exception);
        }

        _ = _gone.CancelAsync();
        Dispose();
        _ended.TrySetResult();
    }

    private void Serve()
    {
        var trace = default(ActivityContext);
        for (var greeted = false; Receive() is { } frame; greeted = true)
        {
            if (frame.Header.Kind == IpcFrameKind.Hello != !greeted || frame.Header.Kind is IpcFrameKind.Answer or IpcFrameKind.Refusal)
            {
                throw new InvalidDataException($"a frame of kind {frame.Header.Kind} was not expected");
            }

            if (!greeted)
            {
                Done(_connection.GreetAsync(CancellationToken.None));
                continue;
            }

            if (frame.Header.Kind == IpcFrameKind.Trace)
            {
                trace = IpcTrace.Read(frame.Body);
                continue;
            }

            Interlocked.Increment(ref _underWay);
            _begun();
            _ = AnswerAsync(frame, trace);
            trace = default;
        }
    }

    private IpcFrame? Receive()
    {
        Interlocked.Increment(ref _turn);
        var frame = Done(_connection.ReceiveAsync(_answers.Limit, CancellationToken.None));
        Interlocked.Increment(ref _turn);
        return frame;
    }

    private async Task AnswerAsync(IpcFrame frame, ActivityContext trace)
    {
        using var activity = trace == default ? null : FlowTelemetry.Activities.StartActivity("call", ActivityKind.Server, trace);
        var caller = _answers.CallerOf(frame, _gone.Token);
        try
        {
            var answer = await _answers.AnswerAsync(frame, caller).ConfigureAwait(false);
            var message = DataRequestCodec.Measure(answer.Request, answer.Dialect);
            lock (_sending)
            {
                Done(_connection.SendAsync(IpcFrameKind.Answer, null, message, CancellationToken.None));
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // Nobody waits any more.
        }
        catch (Exception exception)
        {
            Refuse(exception, caller);
        }

        if (Interlocked.Decrement(ref _underWay) == 0 && _isStopping)
        {
            Dispose();
        }
    }

    private void Refuse(Exception exception, IpcCaller caller)
    {
        if (GrpcErrors.Of(exception, caller) is not { } refusal)
        {
            Log.Unforeseen(_logger, exception);
            refusal = RpcErrors.Create(StatusCode.Unknown, "The worker failed.");
        }

        try
        {
            lock (_sending)
            {
                Done(_connection.RefuseAsync(refusal.Status, RetryAfter.Find(refusal.Trailers), CancellationToken.None));
            }
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            // Nobody waits any more.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.IpcCallFailed, LogLevel.Error, "A call over a connection failed in the worker")]
        public static partial void Unforeseen(ILogger logger, Exception exception);

        [LoggerMessage(EventIds.IpcSessionClosed, LogLevel.Warning, "A connection is closed: {Reason}")]
        public static partial void Misunderstood(ILogger logger, string reason);
    }
}
