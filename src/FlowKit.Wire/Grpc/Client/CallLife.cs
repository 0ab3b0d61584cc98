using System.Security.Authentication;

namespace FlowKit.Wire.Grpc.Client;

/// <summary>When a call ends before its time, and whose doing it was: the caller's, the deadline's, or the transport's.</summary>
internal sealed class CallLife : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _cancellation;
    private readonly ITimer? _timer;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly TimeSpan? _timeout;
    private volatile bool _disposed;
    private volatile bool _expired;

    public CallLife(TimeSpan? timeout, TimeProvider time, CancellationToken caller)
    {
        _caller = caller;
        _time = time;
        _timeout = timeout;
        _started = time.GetTimestamp();
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _timer = timeout is { } limit ? time.CreateTimer(Expire, null, limit > TimeSpan.Zero ? limit : TimeSpan.Zero, Timeout.InfiniteTimeSpan) : null;
    }

    public CancellationToken Token => _cancellation.Token;

    private bool HasExpired => _expired || (_timeout is { } limit && _time.GetElapsedTime(_started) >= limit);

    public void Cancel()
    {
        if (!_disposed)
        {
            _cancellation.Cancel();
        }
    }

    /// <summary>Resets the stream at once when the call ends before its time, whether or not anybody reads then.</summary>
    public void EndWith(HttpResponseMessage response) => _cancellation.Token.UnsafeRegister(static response => ((HttpResponseMessage)response!).Dispose(), response);

    /// <summary>What the caller is thrown.</summary>
    public Exception Translate(Exception exception, CancellationToken also = default) => exception switch
    {
        GrpcException or InvalidOperationException and not ObjectDisposedException => exception,
        _ when _caller.IsCancellationRequested => new OperationCanceledException(exception.Message, exception, _caller),
        _ when also.IsCancellationRequested => new OperationCanceledException(exception.Message, exception, also),
        _ when HasExpired => new GrpcException(GrpcStatusCode.DeadlineExceeded, $"The deadline of {_timeout} passed.", exception),
        OperationCanceledException or ObjectDisposedException => new GrpcException(GrpcStatusCode.Cancelled, "The call has ended.", exception),
        InvalidDataException or FlowKitException => new GrpcException(GrpcStatusCode.Internal, $"A reply cannot be read: {exception.Message}", exception),
        _ => OfTransport(exception),
    };

    public void Dispose()
    {
        _disposed = true;
        _timer?.Dispose();
        _cancellation.Dispose();
    }

    private static GrpcException OfTransport(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case GrpcException own:
                    return own;
                case HttpProtocolException reset:
                    return new GrpcException(GrpcStatusMap.OfReset(reset.ErrorCode), $"The server reset the stream: {reset.Message}", exception);
                case AuthenticationException refused:
                    return new GrpcException(GrpcStatusCode.Unavailable, $"TLS was refused: {refused.Message}", exception);
            }
        }

        return new GrpcException(GrpcStatusCode.Unavailable, exception.GetBaseException().Message, exception);
    }

    private void Expire(object? state)
    {
        _expired = true;
        Cancel();
    }
}
