using FlowKit.Wire.Grpc;
using Grpc.Core;

namespace FlowKit.Serving.Ipc;

/// <summary>Ends a call before its time, and tells whose doing it was: the caller's, the deadline's, or the connection's.</summary>
internal sealed class IpcCallLifetime : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _cancellation;
    private readonly ITimer? _timer;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly TimeSpan? _timeout;
    private volatile bool _disposed;
    private volatile bool _expired;

    public IpcCallLifetime(TimeSpan? timeout, TimeProvider time, CancellationToken caller)
    {
        _caller = caller;
        _time = time;
        _timeout = timeout;
        _started = time.GetTimestamp();
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(caller);
        if (timeout is { } limit)
        {
            _timer = time.CreateTimer(Expire, null, limit > TimeSpan.Zero ? limit : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public CancellationToken Token => _cancellation.Token;

    private bool HasExpired => _expired || (_timeout is { } limit && _time.GetElapsedTime(_started) >= limit);

    /// <summary>Returns what the caller is thrown.</summary>
    public Exception Translate(Exception exception) => exception switch
    {
        RpcException or InvalidOperationException and not ObjectDisposedException => exception,
        _ when _caller.IsCancellationRequested => new OperationCanceledException(exception.Message, exception, _caller),
        _ when HasExpired => RpcErrors.Create(StatusCode.DeadlineExceeded, $"The deadline of {_timeout} passed.", cause: exception),
        OperationCanceledException or ObjectDisposedException =>
            RpcErrors.Create(StatusCode.Cancelled, "The call has ended.", cause: exception),
        InvalidDataException or FlowKitException =>
            RpcErrors.Create(StatusCode.Internal, $"A reply cannot be read: {exception.Message}", cause: exception),
        _ => RpcErrors.Create(StatusCode.Unavailable, exception.GetBaseException().Message, cause: exception),
    };

    public void Dispose()
    {
        _disposed = true;
        _timer?.Dispose();
        _cancellation.Dispose();
    }

    private void Expire(object? state)
    {
        _expired = true;
        if (!_disposed)
        {
            _cancellation.Cancel();
        }
    }
}
