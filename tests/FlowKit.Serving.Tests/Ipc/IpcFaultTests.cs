using System.Net.Sockets;
using System.Text;
using FlowKit.TestKit;
using Grpc.Core;

namespace FlowKit.Serving.Ipc;

/// <summary>What is no frame closes its own connection and harms no other.</summary>
[Collection(nameof(TestIpc))]
public sealed class IpcFaultTests
{
    private static byte[] Frame(IpcFrameHeader header, int body = 0)
    {
        var frame = new byte[IpcFrameHeader.Size + body];
        header.Write(frame);
        return frame;
    }

    private static readonly byte[] s_hello = Frame(new IpcFrameHeader(IpcFrameKind.Hello, 0) { File = -1 });

    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "text", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: worker\r\n\r\n") },
        { "a request before hello", Frame(new IpcFrameHeader(IpcFrameKind.Request, 4), 4) },
        { "a kind that is none", [.. s_hello, .. Frame(new IpcFrameHeader((IpcFrameKind)77, 0))] },
        { "a negative length", [.. s_hello, .. Frame(new IpcFrameHeader(IpcFrameKind.Request, -1))] },
        { "an answer", [.. s_hello, .. Frame(new IpcFrameHeader(IpcFrameKind.Answer, 0))] },
        { "a second hello", [.. s_hello, .. s_hello] },
        { "shared memory that was never shared", [.. s_hello, .. Frame(new IpcFrameHeader(IpcFrameKind.Request, 10) { Flags = IpcFrameFlags.IsShared })] },
        { "a memory that is not there", [.. Frame(new IpcFrameHeader(IpcFrameKind.Hello, 0) { File = 99_999 }), .. Frame(new IpcFrameHeader(IpcFrameKind.Request, 10) { Flags = IpcFrameFlags.IsShared })] },
        { "zeros", new byte[100] },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task What_is_no_frame_closes_its_line_alone(string what, byte[] bytes)
    {
        await using var connection = await TestIpc.StartAsync();
        var client = connection.Client();
        await client.InvokeAsync(TestIpc.Call([new Document("before")]));
        var socket = connection.Connect();

        socket.Send(bytes);

        await ReadToEndAsync(socket);
        await TestTimeout.UntilAsync(() => connection.Host.Connections == 1, $"the end of the connection after {what}");
        Assert.Single((await client.InvokeAsync(TestIpc.Call([new Document("after")]))).Documents!);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(IpcFrameHeader.Size + 10)]
    [InlineData(IpcFrameHeader.Size + IpcFrameHeader.Size + 10)]
    public async Task A_line_that_ends_inside_a_frame_is_closed(int sent)
    {
        await using var connection = await TestIpc.StartAsync();
        var socket = connection.Connect();

        socket.Send([.. s_hello, .. Frame(new IpcFrameHeader(IpcFrameKind.Request, 100), 100)], 0, sent, SocketFlags.None);
        socket.Shutdown(SocketShutdown.Send);

        await ReadToEndAsync(socket);
        await TestTimeout.UntilAsync(() => connection.Host.Connections == 0, "the end of the connection");
        Assert.Single((await connection.Client().InvokeAsync(TestIpc.Call([new Document("after")]))).Documents!);
    }

    [Fact]
    public async Task A_length_that_never_comes_takes_no_memory()
    {
        await using var connection = await TestIpc.StartAsync(gateway: "port: 0, max_request_size: 1000000");
        var socket = connection.Connect();
        socket.Send([.. s_hello, .. Frame(new IpcFrameHeader(IpcFrameKind.Request, int.MaxValue), 1000)]);

        Assert.Single((await connection.Client().InvokeAsync(TestIpc.Call([new Document("other")]))).Documents!);

        socket.Dispose();
        await TestTimeout.UntilAsync(() => connection.Host.Connections == 1, "the end of the connection");
    }

    [Fact]
    public async Task A_message_that_is_no_protobuf_is_refused_and_the_line_goes_on()
    {
        await using var connection = await TestIpc.StartAsync();
        var end = new IpcConnection(new IpcServerSocket(connection.Connect()), IpcOptions.Default with { SharedLimit = 0 });
        await end.GreetAsync(CancellationToken.None);
        Assert.Equal(IpcFrameKind.Hello, (await end.ReceiveAsync(1000, CancellationToken.None))!.Value.Header.Kind);
        var socket = connection.Connect();
        byte[] wrong = Frame(new IpcFrameHeader(IpcFrameKind.Request, 3), 3);
        wrong.AsSpan(IpcFrameHeader.Size).Fill(0xff);
        socket.Send([.. s_hello, .. wrong]);
        var reading = new IpcConnection(new IpcServerSocket(socket), IpcOptions.Default with { SharedLimit = 0 });

        Assert.Equal(IpcFrameKind.Hello, (await reading.ReceiveAsync(1000, CancellationToken.None))!.Value.Header.Kind);
        var refused = (await reading.ReceiveAsync(1000, CancellationToken.None))!.Value;

        Assert.Equal((IpcFrameKind.Refusal, StatusCode.InvalidArgument), (refused.Header.Kind, refused.Header.Code));
        Assert.StartsWith("DataRequestProto", Encoding.UTF8.GetString(refused.Body!), StringComparison.Ordinal);
        Assert.Equal(2, connection.Host.Connections);
    }

    private static async Task ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[1000];
        try
        {
            while (await socket.ReceiveAsync(buffer).WithTimeout() > 0)
            {
            }
        }
        catch (SocketException)
        {
            // What was sent was not all read.
        }
    }
}
