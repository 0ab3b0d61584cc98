using FlowKit.Serving.Remote;
using FlowKit.TestKit;
using FlowKit.Wire.Grpc.Client;
using Grpc.Core;

namespace FlowKit.Serving.Grpc;

/// <summary>A peer that is not there, or no longer, hangs no call: each ends as unavailable, and tells whether the peer can have seen it.</summary>
public sealed class LostPeerTests
{
    private static readonly GrpcConnectionOptions s_impatient = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(1),
        KeepAliveDelay = TimeSpan.FromSeconds(1),
        KeepAliveTimeout = TimeSpan.FromSeconds(1),
    };

    private static async Task<RpcException> AskAsync(string address)
    {
        using var connection = new GrpcConnection(new Uri(address), s_impatient);
        return await Assert.ThrowsAsync<RpcException>(() => connection.UnaryAsync(Packets.Echo, [1]).WithTimeout());
    }

    private static void Check(RpcException error, bool wasNeverSent)
    {
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal((true, wasNeverSent), (RemoteErrors.IsTrouble(error), RemoteErrors.WasNeverSent(error)));
    }

    [Fact]
    public async Task A_peer_that_takes_a_call_and_falls_silent_may_have_seen_it()
    {
        using var peer = SilentPeer.Accepting();

        var error = await AskAsync($"http://127.0.0.1:{peer.Port}");

        Check(error, wasNeverSent: false);
        Assert.Contains("ping", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_from_a_peer_that_falls_silent_ends()
    {
        using var peer = SilentPeer.Accepting();
        using var connection = new GrpcConnection(new Uri($"http://127.0.0.1:{peer.Port}"), s_impatient);

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var _ in connection.StreamAsync(Packets.Split, [1], default, CancellationToken.None))
            {
            }
        }).WithTimeout();

        Check(error, wasNeverSent: false);
    }

    [Fact]
    public async Task A_connection_that_is_not_made_in_time_has_sent_nothing()
    {
        using var peer = await SilentPeer.FullAsync();

        var error = await AskAsync($"http://127.0.0.1:{peer.Port}");

        Check(error, wasNeverSent: true);
        Assert.Contains("ConnectTimeout", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_that_is_not_answered_in_time_has_sent_nothing()
    {
        using var peer = SilentPeer.Accepting();

        Check(await AskAsync($"https://127.0.0.1:{peer.Port}"), wasNeverSent: true);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://nowhere.invalid:1")]
    public async Task A_port_that_nobody_has_and_a_name_that_leads_nowhere_have_sent_nothing(string address) =>
        Check(await AskAsync(address), wasNeverSent: true);

    [Fact]
    public async Task A_caller_that_gives_up_is_not_told_of_the_peer()
    {
        using var peer = SilentPeer.Accepting();
        using var connection = new GrpcConnection(new Uri($"http://127.0.0.1:{peer.Port}"));
        using var giving = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var settings = CallSettings.Of(cancellationToken: giving.Token);
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.UnaryAsync(Packets.Echo, [1], settings).WithTimeout());

        Assert.Equal(giving.Token, error.CancellationToken);
    }

    [Fact]
    public async Task The_deadline_of_a_call_counts_before_the_peer_is_given_up()
    {
        using var peer = SilentPeer.Accepting();
        using var connection = new GrpcConnection(new Uri($"http://127.0.0.1:{peer.Port}"));

        var settings = CallSettings.Of(timeout: TimeSpan.FromMilliseconds(200));
        var error = await Assert.ThrowsAsync<RpcException>(() => connection.UnaryAsync(Packets.Echo, [1], settings).WithTimeout());

        Assert.Equal((StatusCode.DeadlineExceeded, "The deadline passed."), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task A_connection_is_made_again_at_once_after_one_that_failed()
    {
        var host = await PacketHost.StartAsync();
        using var connection = new GrpcConnection(host.Address);
        Assert.Equal([1], await connection.UnaryAsync(Packets.Echo, [1]));
        var port = host.Address.Port;
        await host.DisposeAsync();
        for (var index = 0; index < 5; index++)
        {
            await Assert.ThrowsAsync<RpcException>(() => connection.UnaryAsync(Packets.Echo, [1]).WithTimeout());
        }

        await using var again = await PacketHost.StartAsync(port: port);

        Assert.Equal([2], await connection.UnaryAsync(Packets.Echo, [2]).WithTimeout());
    }
}
