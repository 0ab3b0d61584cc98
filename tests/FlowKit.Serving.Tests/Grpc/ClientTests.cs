using System.Text;
using FlowKit.TestKit;
using FlowKit.Wire.Grpc.Client;
using Grpc.Core;

namespace FlowKit.Serving.Grpc;

/// <summary>What our client does with any server of <c>packets.proto</c>.</summary>
public abstract class ClientTests
{
    private protected abstract Task<PacketPeer> StartAsync();

    [PythonFact]
    public async Task One_message_is_answered_by_one_with_metadata_before_and_after()
    {
        await using var peer = await StartAsync();
        var metadata = new Metadata { { "X-A", "1" }, { "x-a", "2" }, { "x-b-bin", new byte[] { 0, 255, 44 } } };

        using var call = peer.Channel.Calls.AsyncUnaryCall(Packets.Echo, null, CallSettings.Of(metadata, TestTimeout.Limit), "hello"u8.ToArray());

        Assert.Equal("hello"u8.ToArray(), await call);
        Assert.Equal("1, 2", string.Join(", ", (await call.ResponseHeadersAsync).GetAll("h-x-a").Select(entry => entry.Value)));
        Assert.Equal("1, 2", string.Join(", ", call.GetTrailers().GetAll("t-x-a").Select(entry => entry.Value)));
        Assert.Equal([0, 255, 44], call.GetTrailers().GetValueBytes("t-x-b-bin")!);
    }

    [PythonFact]
    public async Task One_message_is_answered_by_a_stream()
    {
        await using var peer = await StartAsync();
        var packets = peer.Channel.StreamAsync(Packets.Split, "abc"u8.ToArray(), default, CancellationToken.None);

        Assert.Equal(["a", "b", "c"], await TextsAsync(packets));
    }

    [PythonFact]
    public async Task A_stream_is_answered_by_one_message()
    {
        await using var peer = await StartAsync();
        using var call = peer.Channel.Calls.AsyncClientStreamingCall(Packets.Join, null, default);
        foreach (var part in new[] { "a", "", "bc" })
        {
            await call.RequestStream.WriteAsync(Encoding.UTF8.GetBytes(part));
        }

        await call.RequestStream.CompleteAsync();

        Assert.Equal("abc"u8.ToArray(), await call);
    }

    [PythonFact]
    public async Task Streams_both_ways_go_in_step()
    {
        await using var peer = await StartAsync();
        using var call = peer.Channel.Calls.AsyncDuplexStreamingCall(Packets.Chat, null, default);
        for (var index = 0; index < 100; index++)
        {
            await call.RequestStream.WriteAsync([(byte)index]);
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal([(byte)index], call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [PythonFact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        await using var peer = await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => peer.Channel.UnaryAsync(Packets.Wait, "deadline"u8.ToArray(), CallSettings.Of(timeout: TimeSpan.FromSeconds(3))));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await peer.EndedAsync("deadline");
    }

    [PythonFact]
    public async Task A_cancelled_call_is_cancelled_at_the_server()
    {
        await using var peer = await StartAsync();
        using var giving = new CancellationTokenSource();
        using var call = peer.Channel.Calls.AsyncUnaryCall(Packets.Wait, null, CallSettings.Of(cancellationToken: giving.Token), "cancel"u8.ToArray());
        await call.ResponseHeadersAsync;
        var asked = peer.Channel.UnaryAsync(Packets.Wait, "as well"u8.ToArray(), CallSettings.Of(cancellationToken: giving.Token));
        await giving.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => asked);

        await peer.EndedAsync("cancel");
    }

    [PythonFact]
    public async Task A_call_that_is_left_is_cancelled_at_the_server()
    {
        await using var peer = await StartAsync();
        using (var call = peer.Channel.Calls.AsyncUnaryCall(Packets.Wait, null, default, "left"u8.ToArray()))
        {
            await call.ResponseHeadersAsync;
        }

        await peer.EndedAsync("left");
    }

    [PythonFact]
    public async Task A_failure_is_a_code_and_a_text_with_details()
    {
        await using var peer = await StartAsync();

        var failed = await FailAsync(peer, "3:naïve 100 %\n");
        Assert.Equal((StatusCode.InvalidArgument, "naïve 100 %\n"), (failed.StatusCode, failed.Status.Detail));
        Assert.Equal(StatusCode.Unauthenticated, (await FailAsync(peer, "16:")).StatusCode);
        Assert.Equal(StatusCode.Unknown, (await FailAsync(peer, "unforeseen")).StatusCode);
        Assert.Equal([8, 3], (await FailAsync(peer, "details")).Trailers.GetValueBytes("grpc-status-details-bin")!);
    }

    [PythonFact]
    public async Task An_unknown_method_is_unimplemented()
    {
        await using var peer = await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => peer.Channel.UnaryAsync(Packets.Of("Nope"), []));

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [PythonFact]
    public async Task Gzip_and_deflate_are_given_and_taken()
    {
        await using var peer = await StartAsync();
        var body = new byte[200_000];
        foreach (var compression in new[] { null, "deflate", "gzip" })
        {
            var reply = await peer.Channel.UnaryAsync(Packets.Echo, body, CallSettings.Of(new Metadata { { "x-gzip", "1" } }, compression: compression));
            Assert.Equal(body, reply);
        }
    }

    [PythonFact]
    public async Task A_message_of_64_MiB_comes_back_whole()
    {
        await using var peer = await StartAsync();
        var body = GC.AllocateUninitializedArray<byte>(64 << 20);
        Random.Shared.NextBytes(body);

        var reply = await peer.Channel.UnaryAsync(Packets.Echo, body);

        Assert.True(body.AsSpan().SequenceEqual(reply));
    }

    private protected static async Task<RpcException> FailAsync(PacketPeer peer, string text) =>
        await Assert.ThrowsAsync<RpcException>(() => peer.Channel.UnaryAsync(Packets.Fail, Encoding.UTF8.GetBytes(text)));

    private static async Task<List<string>> TextsAsync(IAsyncEnumerable<byte[]> packets)
    {
        var texts = new List<string>();
        await foreach (var packet in packets)
        {
            texts.Add(Encoding.UTF8.GetString(packet));
        }

        return texts;
    }
}
