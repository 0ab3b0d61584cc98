using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FlowKit.Serving.Remote;

/// <summary>The way to a server, over real sockets, that can be cut or fall silent as a network does.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly int _port;
    private volatile bool _isSilent;

    public Cable(int port)
    {
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The port that stands for the server's.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether bytes are swallowed in both directions, of connections that are there and of new ones, while nothing is closed.</summary>
    public bool IsSilent
    {
        get => _isSilent;
        set => _isSilent = value;
    }

    /// <summary>Resets the connections, as when the process behind them is killed.</summary>
    public void Cut()
    {
        foreach (var socket in _sockets)
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                // Its other end has gone before.
            }

            socket.Dispose();
        }

        _sockets.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        Cut();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_ended.Token);
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await far.ConnectAsync(IPAddress.Loopback, _port, _ended.Token);
                near.NoDelay = true;
                _sockets.Add(near);
                _sockets.Add(far);
                _ = PumpAsync(near, far);
                _ = PumpAsync(far, near);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, _ended.Token) is > 0 and var count)
            {
                if (!_isSilent)
                {
                    await to.SendAsync(buffer.AsMemory(0, count), _ended.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is cut.
        }
        finally
        {
            to.Dispose();
        }
    }
}
