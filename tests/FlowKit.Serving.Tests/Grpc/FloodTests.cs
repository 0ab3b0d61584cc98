using FlowKit.TestKit;
using FlowKit.Wire.Grpc.Client;
using Grpc.Core;

namespace FlowKit.Serving.Grpc;

/// <summary>What floods a connection ends that connection; others go on, and memory stays where it was.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class FloodTests
{
    private const string Chat = "/flowkit.test.Packets/Chat";
    private static readonly (string, string) s_type = ("content-type", "application/grpc");

    private static async Task StandAsync(Func<RawHttp2, Task> flood, bool ends)
    {
        await using var host = await PacketHost.StartAsync();
        using var other = new GrpcConnection(host.Address);
        Assert.Equal([1], await other.UnaryAsync(Packets.Echo, [1]));
        using var open = other.Calls.AsyncDuplexStreamingCall(Packets.Chat, null, default);
        await using var raw = await RawHttp2.ConnectAsync(host.Address);
        var before = Memory();
        var reading = raw.ReadAsync();
        try
        {
            await flood(raw);
        }
        catch (IOException)
        {
            // The server may close before it has read everything.
        }

        if (ends)
        {
            await reading.WithTimeout();
        }

        await open.RequestStream.WriteAsync([2]);
        Assert.True(await open.ResponseStream.MoveNext());
        Assert.Equal([1], await other.UnaryAsync(Packets.Echo, [1]));
        Assert.InRange(Memory() - before, long.MinValue, 32L << 20);
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);

    [Fact]
    public Task Streams_that_are_reset_as_soon_as_they_begin() => StandAsync(
        async raw =>
        {
            for (var stream = 1; stream < 200_000; stream += 2)
            {
                await raw.WriteRawAsync([.. RawHttp2.Frame(RawHttp2.HeadersFrame, RawHttp2.EndHeaders, stream, RawHttp2.Block(Chat, s_type)), .. RawHttp2.Frame(RawHttp2.Reset, 0, stream, [0, 0, 0, 8])]);
            }
        },
        ends: false);

    [Fact]
    public Task Headers_that_never_end() => StandAsync(
        async raw =>
        {
            await raw.BeginAsync(1, Chat, flags: 0, s_type);
            for (var index = 0; index < 10_000; index++)
            {
                await raw.WriteAsync(RawHttp2.Continuation, 0, 1, RawHttp2.Block(Chat, ("x-filler", new string('x', 100))));
            }
        },
        ends: true);

    [Fact]
    public Task Settings_without_end() => StandAsync(
        async raw =>
        {
            for (var index = 0; index < 100_000; index++)
            {
                await raw.WriteAsync(RawHttp2.Settings, 0, 0, []);
            }
        },
        ends: false);

    [Fact]
    public Task Pings_without_end() => StandAsync(
        async raw =>
        {
            for (var index = 0; index < 100_000; index++)
            {
                await raw.WriteAsync(RawHttp2.Ping, 0, 0, new byte[8]);
            }
        },
        ends: false);

    [Fact]
    public Task More_streams_than_are_allowed() => StandAsync(
        async raw =>
        {
            for (var stream = 1; stream < 20_000; stream += 2)
            {
                await raw.BeginAsync(stream, Chat, RawHttp2.EndHeaders, s_type);
            }
        },
        ends: false);

    [Fact]
    public Task Frames_that_are_no_HTTP_2() => StandAsync(raw => raw.WriteRawAsync(Enumerable.Repeat((byte)0xEE, 4096).ToArray()), ends: true);

    [Fact]
    public Task A_message_that_claims_much_and_brings_little() => StandAsync(
        async raw =>
        {
            for (var stream = 1; stream < 200; stream += 2)
            {
                await raw.BeginAsync(stream, Chat, RawHttp2.EndHeaders, s_type);
                await raw.WriteAsync(RawHttp2.Data, 0, stream, [0, 0x0F, 0xFF, 0xFF, 0xFF, 1]);
            }
        },
        ends: false);

    [Fact]
    public Task Unary_calls_that_claim_256_MiB_and_bring_1_KiB() => StandAsync(
        async raw =>
        {
            for (var stream = 1; stream < 200; stream += 2)
            {
                await raw.BeginAsync(stream, "/flowkit.test.Packets/Echo", RawHttp2.EndHeaders, s_type);
                await raw.WriteAsync(RawHttp2.Data, 0, stream, [0, 0x10, 0, 0, 0, .. new byte[1024]]);
            }
        },
        ends: false);

    [Fact]
    public async Task A_socket_that_is_half_closed_in_the_middle_of_a_call_ends_only_that_call()
    {
        await using var host = await PacketHost.StartAsync();
        using var other = new GrpcConnection(host.Address);
        await using (var raw = await RawHttp2.ConnectAsync(host.Address))
        {
            await raw.BeginAsync(1, "/flowkit.test.Packets/Wait", RawHttp2.EndHeaders, s_type);
            await raw.WriteAsync(RawHttp2.Data, RawHttp2.EndStream, 1, [0, 0, 0, 0, 3, 0x0A, 1, (byte)'h']);
            await raw.ReadAsync((type, stream) => type == RawHttp2.HeadersFrame && stream == 1);
            raw.HalfClose();
            await TestTimeout.UntilAsync(() => host.Ended.Contains("h"), "the call to be given up");
        }

        Assert.Equal([1], await other.UnaryAsync(Packets.Echo, [1]));
    }
}
