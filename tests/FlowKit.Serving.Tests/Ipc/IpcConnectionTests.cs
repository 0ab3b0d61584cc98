using System.Net.Sockets;
using FlowKit.TestKit;

namespace FlowKit.Serving.Ipc;

/// <summary>Where bodies travel: small ones in the frame, large ones in memory, where there is room.</summary>
[Collection(nameof(TestIpc))]
public sealed class IpcConnectionTests
{
    [Theory]
    [InlineData(1000, 0)]
    [InlineData(200_000, 1)]
    [InlineData(3_000_000, 1)]
    public async Task Large_bodies_are_in_shared_memory(int bytes, int shared)
    {
        using var ends = await Ends.ConnectAsync(IpcOptions.Default, IpcOptions.Default);

        Assert.Equal(shared == 1, await ends.IsSharedAsync(bytes));
    }

    [Fact]
    public async Task Memory_grows_and_what_is_too_large_for_it_goes_through_the_socket()
    {
        var options = IpcOptions.Default with { SharedLimit = 8 << 20 };
        using var ends = await Ends.ConnectAsync(options, IpcOptions.Default);

        foreach (var (bytes, isShared) in new[] { (100_000, true), (3_000_000, true), (500_000, true), (8_000_000, true), (9_000_000, false), (70_000, true) })
        {
            Assert.Equal((bytes, isShared), (bytes, await ends.IsSharedAsync(bytes)));
        }
    }

    [Fact]
    public async Task Memory_that_the_other_side_does_not_want_is_not_used()
    {
        using var ends = await Ends.ConnectAsync(IpcOptions.Default, IpcOptions.Default with { SharedLimit = 0 });

        Assert.False(await ends.IsSharedAsync(1_000_000));
    }

    [Fact]
    public async Task A_message_that_changes_while_it_is_written_is_not_sent()
    {
        using var ends = await Ends.ConnectAsync(IpcOptions.Default, IpcOptions.Default);
        var document = new Document("1") { Text = "short" };
        var message = Wire.Proto.DataRequestCodec.Measure(new Wire.DataRequest { Documents = [document] });
        document.Text = new string('x', 100);

        await Assert.ThrowsAsync<InvalidOperationException>(() => ends.SendAsync(message));

        Assert.False(await ends.IsSharedAsync(1000));
    }

    [Fact]
    public async Task Memory_is_gone_with_the_line()
    {
        var before = TestIpc.Memories;
        using (var ends = await Ends.ConnectAsync(IpcOptions.Default, IpcOptions.Default))
        {
            await ends.IsSharedAsync(1_000_000);
            Assert.True(TestIpc.Memories >= before + 2, "each side has its own");
        }

        Assert.Equal(before, TestIpc.Memories);
    }

    /// <summary>Both ends of a connection in this process.</summary>
    private sealed class Ends : IDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly IpcConnection _sender;
        private readonly IpcConnection _receiver;

        private Ends(TempFolder folder, IpcConnection sender, IpcConnection receiver) => (_folder, _sender, _receiver) = (folder, sender, receiver);

        public static async Task<Ends> ConnectAsync(IpcOptions sending, IpcOptions receiving)
        {
            var folder = new TempFolder();
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.Path, "l")));
            listener.Listen();
            var calling = new IpcClientSocket();
            await calling.ConnectAsync(Path.Combine(folder.Path, "l"), CancellationToken.None);
            var ends = new Ends(folder, new IpcConnection(calling, sending), new IpcConnection(new IpcServerSocket(await listener.AcceptAsync()), receiving));
            await ends._sender.GreetAsync(CancellationToken.None);
            await ends._receiver.ReceiveAsync(0, CancellationToken.None);
            await ends._receiver.GreetAsync(CancellationToken.None);
            await ends._sender.ReceiveAsync(0, CancellationToken.None);
            return ends;
        }

        public async Task SendAsync<T>(Wire.Proto.MeasuredMessage<T> message) => await _sender.SendAsync(IpcFrameKind.Request, null, message, CancellationToken.None);

        /// <summary>Sends a message of a document so large, and looks at what comes.</summary>
        public async Task<bool> IsSharedAsync(int bytes)
        {
            var sending = Task.Run(() => SendAsync(TestIpc.Message(bytes)));
            var frame = (await Task.Run(async () => await _receiver.ReceiveAsync(int.MaxValue, CancellationToken.None)).WithTimeout())!.Value;
            await sending.WithTimeout();
            Assert.Equal(TestIpc.Bytes(bytes), Wire.Proto.DataRequestCodec.Read(frame.Body).Documents[0].Tensor!.Bytes.ToArray());
            return frame.Header.Flags.HasFlag(IpcFrameFlags.IsShared);
        }

        public void Dispose()
        {
            _sender.Dispose();
            _receiver.Dispose();
            _folder.Dispose();
        }
    }
}
