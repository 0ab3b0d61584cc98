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

    private HalfClosedConnection(ConnectionContext connection, TimeProvider time)
    {
        _time = time;
        _socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        var closed = connection.ConnectionClosed;
        connection.ConnectionClosed = _left.Token;
        connection.Features.Set(this);
        _registration = closed.UnsafeRegister(static state => _ = ((HalfClosedConnection)state!).DecideAsync(), this);
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
            if (context.Features.Get<HalfClosedConnection>() is { } connection && CanBeInterim(context))
            {
                connection.Await(context.Response);
            }

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

    private void Await(HttpResponse response)
    {
        var pending = new PendingResponse();
        _current = pending;
        response.OnStarting(pending.StartAsync);
        response.OnCompleted(() =>
        {
            _current = null;
            return Task.CompletedTask;
        });
    }

    private async Task DecideAsync()
    {
        try
        {
            if (_socket is null || _current is not { } response || !await response.ProbeAsync(_socket, s_interim))
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
    private sealed class PendingResponse
    {
        private const int Waiting = 0;
        private const int Probing = 1;
        private const int Started = 2;

        private int _state;

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
