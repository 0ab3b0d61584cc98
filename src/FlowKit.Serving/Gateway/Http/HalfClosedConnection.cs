using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>
/// Answers a client that closes its sending half after the request (<c>nc -N</c>), which Kestrel takes for one that has left. On the wire
/// both look the same until something is sent: an interim response, which HTTP/1.1 lets a client pass over, is taken by the first and
/// refused by the second.
/// </summary>
internal sealed class HalfClosedConnection : IDisposable
{
    private static readonly byte[] s_interim = "HTTP/1.1 102 Processing\r\n\r\n"u8.ToArray();
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _left = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly Socket? _socket;
    private readonly TimeProvider _time;
    private volatile PendingResponse? _current;
    private volatile bool _isClosed;

    private HalfClosedConnection(ConnectionContext connection, TimeProvider time)
    {
        _time = time;
        _socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        var closed = connection.ConnectionClosed;
        connection.ConnectionClosed = _left.Token;
        connection.Features.Set(this);
        _registration = closed.UnsafeRegister(static state => ((HalfClosedConnection)state!).Close(), this);
    }

    /// <summary>Watches the connections of a listener that speaks HTTP/1.1 without TLS.</summary>
    public static void Use(ListenOptions listener, TimeProvider time) => listener.Use(next => async connection =>
    {
        using var watched = new HalfClosedConnection(connection, time);
        await next(connection);
    });

    /// <summary>Notes which connections wait for a response that has not begun. It looks on: no request takes another way for it.</summary>
    public static void Use(IApplicationBuilder app) => app.UseWhen(
        static context =>
        {
            context.Features.Get<HalfClosedConnection>()?.Await(context.Response, CanBeInterim(context));

            return false;
        },
        static _ => { });

    public void Dispose()
    {
        _registration.Dispose();
        _left.Dispose();
    }

    /// <summary>An old client knows no interim responses, and a WebSocket is no response.</summary>
    private static bool CanBeInterim(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest != true;

    private void Await(HttpResponse response, bool canBeInterim)
    {
        var pending = new PendingResponse(canBeInterim);
        _current = pending;
        if (_isClosed)
        {
            _ = DecideAsync(pending);
        }

        response.OnStarting(pending.StartAsync);
        response.OnCompleted(() =>
        {
            _current = null;
            return Task.CompletedTask;
        });
    }

    /// <summary>
    /// The end may come with the request, before it is read: then the request decides. Without any, Kestrel finds the end by itself.
    /// </summary>
    private void Close()
    {
        _isClosed = true;
        if (_current is { } response)
        {
            _ = DecideAsync(response);
        }
    }

    private async Task DecideAsync(PendingResponse response)
    {
        if (!response.TryDecide())
        {
            return;
        }

        try
        {
            if (_socket is null || !await response.ProbeAsync(_socket, s_interim))
            {
                await _left.CancelAsync();
                return;
            }

            while (_current == response)
            {
                await Task.Delay(s_interval, _time);
                if (HasFailed(_socket))
                {
                    await _left.CancelAsync();
                    return;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The connection has ended meanwhile.
        }
    }

    private static bool HasFailed(Socket socket)
    {
        try
        {
            return (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! != 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>A response before its first byte; either it begins, or the probe is sent, never both at once.</summary>
    /// <param name="canBeProbed">Whether an interim response may be sent.</param>
    private sealed class PendingResponse(bool canBeProbed)
    {
        private const int Waiting = 0;
        private const int Probing = 1;
        private const int Started = 2;

        private int _state = canBeProbed ? Waiting : Started;
        private int _isDecided;

        /// <summary>Indicates, once, that it is for the caller to decide.</summary>
        public bool TryDecide() => Interlocked.Exchange(ref _isDecided, 1) == 0;

        public async Task StartAsync()
        {
            while (Interlocked.CompareExchange(ref _state, Started, Waiting) == Probing)
            {
                await Task.Yield();
            }
        }

        /// <summary>Sends the interim response.</summary>
        /// <returns>Whether it was sent: not where the response has begun, or the connection is gone.</returns>
        public async Task<bool> ProbeAsync(Socket socket, byte[] interim)
        {
            if (Interlocked.CompareExchange(ref _state, Probing, Waiting) != Waiting)
            {
                return false;
            }

            try
            {
                return await socket.SendAsync(interim) == interim.Length;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return false;
            }
            finally
            {
                Volatile.Write(ref _state, Waiting);
            }
        }
    }
}
