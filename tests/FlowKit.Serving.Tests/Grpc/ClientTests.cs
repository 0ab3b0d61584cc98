using System.Text;
using FlowKit.TestKit;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;

namespace FlowKit.Serving.Grpc;

/// <summary>What our client does with any server of <c>packets.proto</c>.</summary>
public abstract class ClientTests
{
    private protected abstract Task<PacketPeer> StartAsync();

    [PythonFact]
    public async Task One_message_is_answered_by_one_with_metadata_before_and_after()
    {
        await using var peer = await StartAsync();
        var metadata = new GrpcMetadata().Add("X-A", "1").Add("x-a", "2").Add("x-b-bin", [0, 255, 44]);

        var reply = await peer.Channel.UnaryAsync(Packets.Echo, "hello"u8.ToArray(), new GrpcCallOptions { Metadata = metadata, Timeout = Patience.Limit });

        Assert.Equal("hello"u8, reply.Message);
        Assert.Equal("1, 2", string.Join(", ", reply.Headers.FindAll("h-x-a")));
        Assert.Equal("1, 2", string.Join(", ", reply.Trailers.FindAll("t-x-a")));
        Assert.Equal([0, 255, 44], reply.Trailers.FindBytes("t-x-b-bin"));
    }

    [PythonFact]
    public async Task One_message_is_answered_by_a_stream()
    {
        await using var peer = await StartAsync();
        using var call = peer.Channel.Start(Packets.Split, "abc"u8.ToArray());

        Assert.Equal(["a", "b", "c"], await TextsAsync(call));
    }

    [PythonFact]
    public async Task A_stream_is_answered_by_one_message()
    {
        await using var peer = await StartAsync();
        using var call = peer.Channel.Open(Packets.Join);
        foreach (var part in new[] { "a", "", "bc" })
        {
            await call.WriteAsync(Encoding.UTF8.GetBytes(part));
        }

        call.Complete();

        Assert.Equal("abc"u8.ToArray(), (await call.ReadSingleAsync()).Message);
    }

    [PythonFact]
    public async Task Streams_both_ways_go_in_step()
    {
        await using var peer = await StartAsync();
        using var call = peer.Channel.Open(Packets.Chat);
        for (var index = 0; index < 100; index++)
        {
            await call.WriteAsync([(byte)index]);
            Assert.True(await call.MoveNextAsync());
            Assert.Equal([(byte)index], call.Current);
        }

        call.Complete();
        Assert.False(await call.MoveNextAsync());
    }

    [PythonFact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        await using var peer = await StartAsync();
        using var call = peer.Channel.Start(Packets.Wait, "deadline"u8.ToArray(), new GrpcCallOptions { Timeout = TimeSpan.FromSeconds(3) });

        var error = await Assert.ThrowsAsync<GrpcException>(call.ReadSingleAsync);

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, error.Status.Code);
        await peer.EndedAsync("deadline");
    }

    [PythonFact]
    public async Task A_cancelled_call_is_cancelled_at_the_server()
    {
        await using var peer = await StartAsync();
        using var giving = new CancellationTokenSource();
        using var call = peer.Channel.Start(Packets.Wait, "cancel"u8.ToArray(), null, giving.Token);
        await call.ReadHeadersAsync();
        await giving.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(call.ReadSingleAsync);

        await peer.EndedAsync("cancel");
    }

    [PythonFact]
    public async Task A_call_that_is_left_is_cancelled_at_the_server()
    {
        await using var peer = await StartAsync();
        using (var call = peer.Channel.Start(Packets.Wait, "left"u8.ToArray()))
        {
            await call.ReadHeadersAsync();
        }

        await peer.EndedAsync("left");
    }

    [PythonFact]
    public async Task A_failure_is_a_code_and_a_text_with_details()
    {
        await using var peer = await StartAsync();

        Assert.Equal(new GrpcStatus(GrpcStatusCode.InvalidArgument, "naïve 100 %\n"), (await FailAsync(peer, "3:naïve 100 %\n")).Status);
        Assert.Equal(GrpcStatusCode.Unauthenticated, (await FailAsync(peer, "16:")).Status.Code);
        Assert.Equal(GrpcStatusCode.Unknown, (await FailAsync(peer, "unforeseen")).Status.Code);
        Assert.Equal([8, 3], (await FailAsync(peer, "details")).Status.Details.ToArray());
    }

    [PythonFact]
    public async Task An_unknown_method_is_unimplemented()
    {
        await using var peer = await StartAsync();

        var error = await Assert.ThrowsAsync<GrpcException>(() => peer.Channel.UnaryAsync(Packets.Of("Nope"), []));

        Assert.Equal(GrpcStatusCode.Unimplemented, error.Status.Code);
    }

    [PythonFact]
    public async Task Gzip_and_deflate_are_given_and_taken()
    {
        await using var peer = await StartAsync();
        var body = new byte[200_000];
        foreach (var encoding in Enum.GetValues<GrpcEncoding>())
        {
            var reply = await peer.Channel.UnaryAsync(Packets.Echo, body, new GrpcCallOptions { Encoding = encoding, Metadata = new GrpcMetadata().Add("x-gzip", "1") });
            Assert.Equal(body, reply.Message);
        }
    }

    [PythonFact]
    public async Task A_message_of_64_MiB_comes_back_whole()
    {
        await using var peer = await StartAsync();
        var body = GC.AllocateUninitializedArray<byte>(64 << 20);
        Random.Shared.NextBytes(body);

        var reply = await peer.Channel.UnaryAsync(Packets.Echo, body);

        Assert.True(body.AsSpan().SequenceEqual(reply.Message));
    }

    private protected static async Task<GrpcException> FailAsync(PacketPeer peer, string text) =>
        await Assert.ThrowsAsync<GrpcException>(() => peer.Channel.UnaryAsync(Packets.Fail, Encoding.UTF8.GetBytes(text)));

    private static async Task<List<string>> TextsAsync(GrpcCall<byte[], byte[]> call)
    {
        var texts = new List<string>();
        await foreach (var packet in call.ReadAllAsync())
        {
            texts.Add(Encoding.UTF8.GetString(packet));
        }

        return texts;
    }
}
