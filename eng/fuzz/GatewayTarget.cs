using System.Net;
using System.Net.Sockets;
using FlowKit.Serving.Gateway;
using FlowKit.TestKit;

namespace FlowKit.Fuzz;

/// <summary>
/// A live gateway: each input is what one connection sends. It is answered or cut off within the limit, no error is logged, and others are
/// answered before and after.
/// </summary>
/// <param name="settings">Settings of the gateway besides its port.</param>
internal abstract class GatewayTarget(string settings) : FuzzTarget
{
    private const int Rounds = 25;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(2);

    private readonly ErrorLogs _logs = new();
    private readonly byte[] _buffer = new byte[64 << 10];
    private TestFlow? _flow;
    private GatewayHost? _host;
    private int _round;

    public override bool HasThreads => true;

    /// <summary>Buffers of a connection and of its requests.</summary>
    public override long AllocationBase => 32 << 20;

    /// <summary>The bytes before the input.</summary>
    protected abstract byte[] Opening { get; }

    /// <summary>A whole connection that must be answered.</summary>
    protected abstract byte[] Healthy { get; }

    /// <summary>Tells whether what came back is the answer to the healthy connection.</summary>
    protected abstract bool IsHealthy(ReadOnlySpan<byte> answer);

    public override async ValueTask StartAsync()
    {
        var yaml = FlowText.Chain("a").WithGateway($"port: 0, max_request_size: 1MiB, {settings}");
        _flow = await TestFlow.StartAsync(yaml, new TestFlowOptions { Loggers = _logs });
        _host = await GatewayHost.StartAsync(_flow.Runtime, _flow.Config, _logs, CancellationToken.None);
    }

    public override void Run(byte[] input)
    {
        Talk([.. Opening, .. input], isAwaited: false);
        if (_logs.Take() is { } error)
        {
            throw new FuzzFailure($"An error is logged: {error}");
        }

        if (++_round % Rounds == 0 && !IsHealthy(Talk(Healthy, isAwaited: true)))
        {
            throw new FuzzFailure("The next connection is not answered.");
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_flow is not null)
        {
            await _flow.DisposeAsync();
        }

        _logs.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>Sends, reads what is answered at once, says that no more comes, and reads to the end.</summary>
    /// <param name="bytes">What is sent.</param>
    /// <param name="isAwaited">It is read until it is healthy.</param>
    private ReadOnlySpan<byte> Talk(byte[] bytes, bool isAwaited)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, _host!.Address.Port));
        socket.LingerState = new LingerOption(enable: true, 0);
        socket.ReceiveTimeout = (int)s_limit.TotalMilliseconds;
        var length = 0;
        try
        {
            socket.Send(bytes);
            var isOpen = true;
            while (!isAwaited || !IsHealthy(_buffer.AsSpan(0, length)))
            {
                if (isOpen && !socket.Poll(isAwaited ? s_limit : s_pause, SelectMode.SelectRead))
                {
                    socket.Shutdown(SocketShutdown.Send);
                    isOpen = false;
                }

                var got = socket.Receive(_buffer.AsSpan(Math.Min(length, _buffer.Length - 1024)));
                if (got == 0)
                {
                    break;
                }

                length = Math.Min(length + got, _buffer.Length);
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode != SocketError.TimedOut && exception.SocketErrorCode != SocketError.WouldBlock)
        {
            // The gateway may cut the connection off while more is being sent.
        }
        catch (SocketException)
        {
            throw new FuzzFailure($"A connection is neither answered nor closed: {s_limit.TotalSeconds} s after its last byte.");
        }

        return _buffer.AsSpan(0, length);
    }
}
