using System.Net.Sockets;
using System.Text;
using FlowKit.TestKit;
using Grpc.Core;

namespace FlowKit.Serving.Lines;

/// <summary>What is no frame closes its own line and harms no other.</summary>
[Collection(nameof(TestLine))]
public sealed class LineFaultTests
{
    private static byte[] Frame(LineHeader header, int body = 0)
    {
        var frame = new byte[LineHeader.Size + body];
        header.Write(frame);
        return frame;
    }

    private static readonly byte[] s_hello = Frame(new LineHeader(LineKind.Hello, 0) { File = -1 });

    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "text", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: worker\r\n\r\n") },
        { "a request before hello", Frame(new LineHeader(LineKind.Request, 4), 4) },
        { "a kind that is none", [.. s_hello, .. Frame(new LineHeader((LineKind)77, 0))] },
        { "a negative length", [.. s_hello, .. Frame(new LineHeader(LineKind.Request, -1))] },
        { "an answer", [.. s_hello, .. Frame(new LineHeader(LineKind.Answer, 0))] },
        { "a second hello", [.. s_hello, .. s_hello] },
        { "shared memory that was never shared", [.. s_hello, .. Frame(new LineHeader(LineKind.Request, 10) { Flags = LineFlags.IsShared })] },
        { "a memory that is not there", [.. Frame(new LineHeader(LineKind.Hello, 0) { File = 99_999 }), .. Frame(new LineHeader(LineKind.Request, 10) { Flags = LineFlags.IsShared })] },
        { "zeros", new byte[100] },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task What_is_no_frame_closes_its_line_alone(string what, byte[] bytes)
    {
        await using var line = await TestLine.StartAsync();
        var client = line.Client();
        await client.AskAsync(TestLine.Call([new Document("before")]));
        var socket = line.Connect();

        socket.Send(bytes);

        await ReadToEndAsync(socket);
        await Patience.UntilAsync(() => line.Host.Lines == 1, $"the end of the line after {what}");
        Assert.Single((await client.AskAsync(TestLine.Call([new Document("after")]))).Documents!);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(LineHeader.Size + 10)]
    [InlineData(LineHeader.Size + LineHeader.Size + 10)]
    public async Task A_line_that_ends_inside_a_frame_is_closed(int sent)
    {
        await using var line = await TestLine.StartAsync();
        var socket = line.Connect();

        socket.Send([.. s_hello, .. Frame(new LineHeader(LineKind.Request, 100), 100)], 0, sent, SocketFlags.None);
        socket.Shutdown(SocketShutdown.Send);

        await ReadToEndAsync(socket);
        await Patience.UntilAsync(() => line.Host.Lines == 0, "the end of the line");
        Assert.Single((await line.Client().AskAsync(TestLine.Call([new Document("after")]))).Documents!);
    }

    [Fact]
    public async Task A_length_that_never_comes_takes_no_memory()
    {
        await using var line = await TestLine.StartAsync(gateway: "port: 0, max_request_size: 1000000");
        var socket = line.Connect();
        socket.Send([.. s_hello, .. Frame(new LineHeader(LineKind.Request, int.MaxValue), 1000)]);

        Assert.Single((await line.Client().AskAsync(TestLine.Call([new Document("other")]))).Documents!);

        socket.Dispose();
        await Patience.UntilAsync(() => line.Host.Lines == 1, "the end of the line");
    }

    [Fact]
    public async Task A_message_that_is_no_protobuf_is_refused_and_the_line_goes_on()
    {
        await using var line = await TestLine.StartAsync();
        var end = new LineEnd(new AnsweringSocket(line.Connect()), LineOptions.Default with { SharedLimit = 0 });
        await end.GreetAsync(CancellationToken.None);
        Assert.Equal(LineKind.Hello, (await end.ReceiveAsync(1000, CancellationToken.None))!.Value.Header.Kind);
        var socket = line.Connect();
        byte[] wrong = Frame(new LineHeader(LineKind.Request, 3), 3);
        wrong.AsSpan(LineHeader.Size).Fill(0xff);
        socket.Send([.. s_hello, .. wrong]);
        var reading = new LineEnd(new AnsweringSocket(socket), LineOptions.Default with { SharedLimit = 0 });

        Assert.Equal(LineKind.Hello, (await reading.ReceiveAsync(1000, CancellationToken.None))!.Value.Header.Kind);
        var refused = (await reading.ReceiveAsync(1000, CancellationToken.None))!.Value;

        Assert.Equal((LineKind.Refusal, StatusCode.InvalidArgument), (refused.Header.Kind, refused.Header.Code));
        Assert.StartsWith("DataRequestProto", Encoding.UTF8.GetString(refused.Body!), StringComparison.Ordinal);
        Assert.Equal(2, line.Host.Lines);
    }

    private static async Task ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[1000];
        try
        {
            while (await socket.ReceiveAsync(buffer).Soon() > 0)
            {
            }
        }
        catch (SocketException)
        {
            // What was sent was not all read.
        }
    }
}
