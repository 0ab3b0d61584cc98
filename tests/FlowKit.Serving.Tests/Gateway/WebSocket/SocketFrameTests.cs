using System.Buffers.Binary;
using System.Text;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

/// <summary>Frames that break the protocol end their own connection with the code that RFC 6455 has for it.</summary>
public sealed class SocketFrameTests
{
    private const string Handshake = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    public static TheoryData<string, byte[], int> Frames => new()
    {
        { "a reserved bit", [0xC1, 0x80, 0, 0, 0, 0], 1002 },
        { "an unknown kind", [0x83, 0x80, 0, 0, 0, 0], 1002 },
        { "a part of nothing", [0x80, 0x80, 0, 0, 0, 0], 1002 },
        { "a ping in parts", [0x09, 0x80, 0, 0, 0, 0], 1002 },
        { "a ping of 126 bytes", [0x89, 0xFE, 0, 126, 0, 0, 0, 0], 1002 },
        { "text that is not UTF-8", [0x81, 0x82, 0, 0, 0, 0, 0xFF, 0xFF], 1007 },
        { "a claim of a terabyte", [0x82, 0xFF, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. new byte[9000]], 1009 },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task A_frame_that_breaks_the_protocol_closes_its_socket_with_the_code_for_it(string what, byte[] frame, int code)
    {
        await using var gateway = await TestGateway.StartAsync("max_request_size: 1000");

        var got = await CloseCodeAsync(gateway, frame);
        Assert.True(got == code, $"{what}: {got}");

        using var response = await gateway.PostAsync("""{"data":[{}]}""");
        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Thousands_of_pings_are_answered_or_end_and_others_go_on()
    {
        await using var gateway = await TestGateway.StartAsync();
        byte[] pings = [.. Enumerable.Repeat<byte[]>([0x89, 0x80, 0, 0, 0, 0], 20_000).SelectMany(ping => ping), 0x88, 0x82, 0, 0, 0, 0, 3, 232];

        Assert.Equal(1000, await CloseCodeAsync(gateway, pings));

        using var response = await gateway.PostAsync("""{"data":[{}]}""");
        Assert.True(response.IsSuccessStatusCode);
    }

    /// <summary>Sends a handshake and what follows, and reads what comes back to its close frame, whose code is returned.</summary>
    private static async Task<int> CloseCodeAsync(TestGateway gateway, byte[] bytes)
    {
        using var client = await gateway.ConnectAsync();
        using var limit = new CancellationTokenSource(TestTimeout.Limit);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Handshake), limit.Token);
        var sending = stream.WriteAsync(bytes, limit.Token);
        var (answer, buffer, code) = (new MemoryStream(), new byte[64 << 10], 0);
        while (code == 0 && await stream.ReadAsync(buffer, limit.Token) is > 0 and var got)
        {
            answer.Write(buffer, 0, got);
            code = CloseCodeOf(answer.ToArray());
        }

        try
        {
            await sending;
        }
        catch (IOException)
        {
            // The gateway closes though more comes.
        }

        return code;
    }

    private static int CloseCodeOf(byte[] answer)
    {
        for (var at = answer.AsSpan().IndexOf("\r\n\r\n"u8) + 4; at > 3 && at + 3 < answer.Length;)
        {
            var (kind, length) = (answer[at], answer[at + 1] & 0x7F);
            if (kind == 0x88)
            {
                return BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 2));
            }

            at += length == 126 ? 4 + BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 2)) : 2 + length;
        }

        return 0;
    }
}
