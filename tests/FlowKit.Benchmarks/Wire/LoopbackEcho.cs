using System.Net;
using System.Net.Sockets;

namespace FlowKit.Benchmarks.Wire;

/// <summary>The limit of what travels: a connection over loopback for each caller, on which as many bytes go out as come back, and nobody looks at them.</summary>
internal sealed class LoopbackEcho : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Task> _echoes = [];
    private readonly Socket[] _callers;
    private readonly byte[] _sent;
    private readonly byte[][] _received;

    private LoopbackEcho(int callers, int bytes)
    {
        _callers = new Socket[callers];
        _sent = new byte[bytes];
        _received = [.. Enumerable.Range(0, callers).Select(_ => new byte[bytes])];
    }

    /// <summary>Connects every caller.</summary>
    /// <param name="callers">How many.</param>
    /// <param name="bytes">What each sends, and gets back.</param>
    public static async Task<LoopbackEcho> StartAsync(int callers, int bytes)
    {
        var echo = new LoopbackEcho(callers, bytes);
        echo._listener.Start();
        for (var caller = 0; caller < callers; caller++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(echo._listener.LocalEndpoint);
            echo._callers[caller] = socket;
            echo._echoes.Add(AnswerAsync(await echo._listener.AcceptSocketAsync(), bytes));
        }

        return echo;
    }

    /// <summary>Sends a caller's bytes and waits until they are back.</summary>
    public async ValueTask SendAsync(int caller)
    {
        var socket = _callers[caller];
        var sending = SendAllAsync(socket, _sent);
        await ReceiveAllAsync(socket, _received[caller]).ConfigureAwait(false);
        await sending.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _callers)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_echoes);
        _listener.Dispose();
    }

    private static async Task AnswerAsync(Socket socket, int bytes)
    {
        using var owned = socket;
        socket.NoDelay = true;
        var buffer = new byte[bytes];
        while (await ReceiveAllAsync(socket, buffer).ConfigureAwait(false))
        {
            await SendAllAsync(socket, buffer).ConfigureAwait(false);
        }
    }

    private static async Task<bool> ReceiveAllAsync(Socket socket, byte[] buffer)
    {
        for (var got = 0; got < buffer.Length;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(got)).ConfigureAwait(false);
            if (read == 0)
            {
                return false;
            }

            got += read;
        }

        return true;
    }

    private static async Task SendAllAsync(Socket socket, byte[] buffer)
    {
        for (var sent = 0; sent < buffer.Length;)
        {
            sent += await socket.SendAsync(buffer.AsMemory(sent)).ConfigureAwait(false);
        }
    }
}
