using System.Net;
using System.Net.Sockets;
using FlowKit.Configuration.Gateway;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

/// <summary>What is told before a gateway listens.</summary>
public sealed class ListenersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string SocketPath => Path.Combine(_folder.Path, "s");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_socket_that_a_killed_process_left_is_taken_away()
    {
        using (Listen("other"))
        {
            // Under another name it is not taken away when it is closed, as after kill -9.
            File.Move(Path.Combine(_folder.Path, "other"), SocketPath);
        }

        Assert.True(File.Exists(SocketPath));
        Listeners.EnsureFree(new GatewayConfig { Socket = SocketPath });

        Assert.False(File.Exists(SocketPath));
        Listeners.EnsureFree(new GatewayConfig { Socket = SocketPath });
    }

    [Fact]
    public void A_socket_that_another_process_listens_on_stays()
    {
        using var other = Listen("s");

        var error = Assert.Throws<FlowKitException>(() => Listeners.EnsureFree(new GatewayConfig { Socket = SocketPath }));

        Assert.Equal($"Another process listens on the socket '{SocketPath}'. Stop it, or choose another path.", error.Message);
        Assert.True(File.Exists(SocketPath));
    }

    [Fact]
    public void A_port_that_is_in_use_and_an_address_that_is_none_are_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var taken = Assert.Throws<FlowKitException>(() => Listeners.EnsureFree(new GatewayConfig { Host = "localhost", Ports = new([new GatewayPort(port, IsHttp: true, IsGrpc: false)]) }));
        var strange = Assert.Throws<FlowKitException>(() => Listeners.EnsureFree(new GatewayConfig { Host = "my machine", Ports = new([new GatewayPort(port, IsHttp: true, IsGrpc: false)]) }));

        Assert.Contains($"{port}", taken.Message, StringComparison.Ordinal);
        Assert.Equal("gateway.host: 'my machine' is neither an IP address nor localhost.", strange.Message);
    }

    private Socket Listen(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.Path, name)));
        socket.Listen();
        return socket;
    }
}
