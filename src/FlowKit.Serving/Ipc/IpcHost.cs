using System.Net.Sockets;
using FlowKit.Configuration.Flow;
using FlowKit.Runtime;
using FlowKit.Serving.Worker;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Ipc;

/// <summary>Takes a worker's calls on a Unix socket beside the one of gRPC, with the same messages and no HTTP/2 around them.</summary>
public sealed class IpcHost : IAsyncDisposable
{
    private const int Backlog = 512;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _listener;
    private readonly Func<IpcHost, Socket, IpcSession> _open;
    private readonly Lock _lock = new();
    private readonly HashSet<IpcSession> _sessions = [];
    private readonly TimeProvider _time;
    private readonly ITimer _watch;
    private readonly Task _accepting;
    private volatile bool _isStopping;
    private volatile bool _isWatching;

    private IpcHost(Socket listener, Func<IpcHost, Socket, IpcSession> open, TimeProvider time)
    {
        (_listener, _open, _time) = (listener, open, time);
        _watch = time.CreateTimer(static state => ((IpcHost)state!).LookAfter(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _accepting = AcceptAsync();
    }

    /// <summary>Starts listening.</summary>
    /// <param name="flow">A running flow of one executor.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="path">The socket, in a folder that nobody else can enter.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <exception cref="FlowKitException">The socket cannot be made.</exception>
    public static IpcHost Start(FlowRuntime flow, FlowConfig config, string path, ILoggerFactory loggers) =>
        Start(flow, config, path, loggers, IpcOptions.Default);

    /// <summary>Answers what is asked already, and nothing more.</summary>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var sessions = End();
        sessions.ForEach(session => session.Stop());
        await Task.WhenAll(sessions.Select(session => session.Ended)).WaitAsync(cancellationToken);
    }

    /// <summary>Gives up what is still asked. An executor that does not return is not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        End().ForEach(session => session.Dispose());
        await _accepting;
        await _watch.DisposeAsync();
    }

    /// <summary>The number of open connections.</summary>
    internal int Connections
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    internal static IpcHost Start(FlowRuntime flow, FlowConfig config, string path, ILoggerFactory loggers, IpcOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        var limit = (int)Math.Min(config.Gateway.MaxRequestBytes, Array.MaxLength);
        var answers = new IpcRequestHandler(flow, WorkerCalls.Of(flow, config, loggers), limit, TimeProvider.System);
        var logger = loggers.CreateLogger<IpcHost>();
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(Backlog);
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            throw new FlowKitException(FlowErrorCode.Unavailable, $"The worker cannot listen on '{path}': {exception.Message}", exception);
        }

        return new IpcHost(listener, (host, socket) => new IpcSession(socket, options, answers, host.Watch, logger), TimeProvider.System);
    }

    private List<IpcSession> End()
    {
        lock (_lock)
        {
            _isStopping = true;
            _listener.Dispose();
            return [.. _sessions];
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Begin(await _listener.AcceptAsync());
            }
            catch (Exception) when (_isStopping)
            {
                return;
            }
            catch (SocketException)
            {
                // Too many files are open, for example: the next one may find fewer.
                await Task.Delay(s_pause, _time);
            }
        }
    }

    private void Begin(Socket socket)
    {
        var session = _open(this, socket);
        lock (_lock)
        {
            if (!_isStopping)
            {
                _sessions.Add(session);
                _ = ForgetAsync(session);
                session.Start();
                return;
            }
        }

        session.Dispose();
    }

    private async Task ForgetAsync(IpcSession session)
    {
        await session.Ended;
        lock (_lock)
        {
            _sessions.Remove(session);
        }
    }

    /// <summary>From a call on, connections are looked after until nothing is asked any more; idle ones need none.</summary>
    private void Watch()
    {
        if (!_isWatching)
        {
            _isWatching = true;
            SetWatch();
        }
    }

    private void LookAfter()
    {
        IpcSession[] sessions;
        lock (_lock)
        {
            sessions = [.. _sessions];
        }

        // Said first, so that a call that begins now is seen here or sets the watch itself.
        _isWatching = false;
        Interlocked.MemoryBarrier();
        var isNeeded = false;
        foreach (var session in sessions)
        {
            isNeeded |= session.IsAnswering;
            session.LookAfter();
        }

        if (isNeeded)
        {
            _isWatching = true;
            SetWatch();
        }
    }

    private void SetWatch()
    {
        try
        {
            _watch.Change(s_pause, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // It stops.
        }
    }
}
