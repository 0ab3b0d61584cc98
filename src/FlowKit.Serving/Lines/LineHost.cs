using System.Net.Sockets;
using FlowKit.Configuration;
using FlowKit.Runtime;
using FlowKit.Serving.Worker;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Lines;

/// <summary>Where a worker takes calls over lines: a Unix socket beside the one of gRPC, with the same messages and no HTTP/2 around them.</summary>
public sealed class LineHost : IAsyncDisposable
{
    private const int Backlog = 512;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _listener;
    private readonly Func<Socket, LineSession> _open;
    private readonly Lock _lock = new();
    private readonly Dictionary<LineSession, Task> _sessions = [];
    private readonly Task _accepting;
    private volatile bool _isStopping;

    private LineHost(Socket listener, Func<Socket, LineSession> open)
    {
        (_listener, _open) = (listener, open);
        _accepting = AcceptAsync();
    }

    /// <summary>Starts listening.</summary>
    /// <param name="flow">A running flow of one executor.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="path">The socket, in a folder that nobody else can enter.</param>
    /// <param name="loggers">Where logs go.</param>
    /// <exception cref="FlowKitException">The socket cannot be made.</exception>
    public static LineHost Start(FlowRuntime flow, FlowConfig config, string path, ILoggerFactory loggers) => Start(flow, config, path, loggers, LineOptions.Default);

    /// <summary>Answers what is asked already, and nothing more.</summary>
    /// <param name="cancellationToken">Gives up the wait.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var running = End(session => session.Stop());
        await Task.WhenAll(running).WaitAsync(cancellationToken);
    }

    /// <summary>Gives up what is still asked. An executor that does not return is not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        End(session => session.Dispose());
        await _accepting;
    }

    internal static LineHost Start(FlowRuntime flow, FlowConfig config, string path, ILoggerFactory loggers, LineOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        var calls = WorkerCalls.Of(flow, config, loggers);
        var logger = loggers.CreateLogger<LineHost>();
        var limit = (int)Math.Min(config.Gateway.MaxRequestBytes, Array.MaxLength);
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

        return new LineHost(listener, socket => new LineSession(new LineEnd(socket), flow, calls, limit, TimeProvider.System, logger));
    }

    private List<Task> End(Action<LineSession> end)
    {
        List<KeyValuePair<LineSession, Task>> sessions;
        lock (_lock)
        {
            _isStopping = true;
            sessions = [.. _sessions];
        }

        _listener.Dispose();
        sessions.ForEach(session => end(session.Key));
        return [.. sessions.Select(session => session.Value)];
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
                await Task.Delay(s_pause);
            }
        }
    }

    private void Begin(Socket socket)
    {
        var session = _open(socket);
        lock (_lock)
        {
            if (!_isStopping)
            {
                _sessions.Add(session, RunAsync(session));
                return;
            }
        }

        session.Dispose();
    }

    private async Task RunAsync(LineSession session)
    {
        // The session is counted before it can end.
        await Task.Yield();
        await session.RunAsync();
        lock (_lock)
        {
            _sessions.Remove(session);
        }
    }
}
