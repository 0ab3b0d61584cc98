using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FlowKit.Serving.Gateway.HalfClose;

/// <summary>
/// A connection of HTTP/1.1 whose client may close its sending half after the request (<c>nc -N</c>), which Kestrel takes for one that has
/// left. On the wire both look the same until something is sent: an interim response (RFC 9110, 15.2), which a client passes over, is
/// taken by the first and refused by the system of the second.
/// </summary>
internal sealed class HalfClosedConnection : IDuplexPipe, IDisposable
{
    private static readonly byte[] s_interim = "HTTP/1.1 102 Processing\r\n\r\n"u8.ToArray();

    /// <summary>Most answers come before, and need no interim one.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _left = new();
    private readonly CancellationToken _closed;
    private readonly CancellationTokenRegistration _registration;
    private readonly HalfClosedInput _input;
    private readonly InterimOutput _output;
    private readonly Socket? _socket;
    private volatile HttpContext? _request;
    private int _isDeciding;

    private HalfClosedConnection(ConnectionContext connection)
    {
        (_input, _output) = (new HalfClosedInput(connection.Transport.Input), new InterimOutput(connection.Transport.Output));
        _socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        _closed = connection.ConnectionClosed;
        connection.ConnectionClosed = _left.Token;
        connection.Transport = this;
        connection.Features.Set(this);
        _registration = _closed.UnsafeRegister(static state => ((HalfClosedConnection)state!).Decide(), this);
    }

    /// <inheritdoc/>
    public PipeReader Input => _input;

    /// <inheritdoc/>
    public PipeWriter Output => _output;

    /// <summary>Watches the connections of a listener that speaks HTTP/1.1 without TLS.</summary>
    public static void Use(ListenOptions listener) => listener.Use(next => async connection =>
    {
        using var watched = new HalfClosedConnection(connection);
        await next(connection);
    });

    /// <summary>Notes which request each connection serves. There is no branch: a request takes no step more.</summary>
    public static void Use(IApplicationBuilder app) => app.UseWhen(
        static context =>
        {
            context.Features.Get<HalfClosedConnection>()?.Begin(context);
            return false;
        },
        static _ => { });

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _left.Dispose();
    }

    /// <summary>The end may have come with the request, before it was read.</summary>
    private void Begin(HttpContext request)
    {
        _request = request;
        if (_closed.IsCancellationRequested)
        {
            Decide();
        }
    }

    /// <summary>Without a request Kestrel reads, and finds the end by itself.</summary>
    private void Decide()
    {
        if (_request is { } request && Interlocked.Exchange(ref _isDeciding, 1) == 0)
        {
            _ = DecideAsync(request);
        }
    }

    private async Task DecideAsync(HttpContext request)
    {
        try
        {
            if (!IsHalfClose(request) || !await IsHalfOpenAsync(request))
            {
                await _left.CancelAsync();
            }
        }
        catch (ObjectDisposedException)
        {
            // The connection has ended meanwhile.
        }
        finally
        {
            Volatile.Write(ref _isDeciding, 0);
        }
    }

    /// <summary>A WebSocket is no response, and who leaves a response that has begun has seen enough of it.</summary>
    private static bool IsHalfClose(HttpContext request) =>
        !request.Response.HasStarted && request.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest != true;

    /// <summary>Waits until the response begins, or its client is known to be gone.</summary>
    private async Task<bool> IsHalfOpenAsync(HttpContext request)
    {
        await Task.Delay(s_patience);

        // HTTP/1.0 knows no interim responses: its client is taken to wait.
        if (_socket is null || !HttpProtocol.IsHttp11(request.Request.Protocol))
        {
            return true;
        }

        if (!await _output.TryWriteAsync(s_interim, () => !request.Response.HasStarted))
        {
            return false;
        }

        while (!request.Response.HasStarted)
        {
            if (HasFailed(_socket))
            {
                return false;
            }

            await Task.Delay(s_interval);
        }

        return true;
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
}
