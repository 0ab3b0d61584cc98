using System.Buffers.Binary;
using System.Text;

namespace FlowKit.Fuzz.Targets;

/// <summary>WebSocket frames after the handshake. Their mask is zero, so that mutations meet text and not what hides it.</summary>
internal sealed class WebSocketTarget() : GatewayTarget("protocol: [websocket]")
{
    private const byte Text = 0x81, Binary = 0x82, Begin = 0x01, Continue = 0x00, End = 0x80, Close = 0x88, Ping = 0x89, Pong = 0x8A;
    private const string Request = """{"data": [{"text": "red apple"}], "execEndpoint": "/run", "header": {"requestId": "r"}}""";

    public override string Name => "websocket";

    public override IReadOnlyList<byte[]> Tokens { get; } =
        [Frame(Ping, []), Frame(Pong, []), Frame(Close, [3, 232]), Frame(Text, "{}"u8), Frame(Binary, [10, 0]), Frame(Begin, "{"u8), Frame(Continue, " "u8), Frame(End, "}"u8), [0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xC1, 0x80, 0, 0, 0, 0], "{\"data\": [{\"text\": \"x\"}]}"u8.ToArray()];

    protected override byte[] Opening { get; } =
        "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"u8.ToArray();

    protected override byte[] Healthy => [.. Opening, .. Frame(Text, Encoding.UTF8.GetBytes(Request))];

    public override IEnumerable<Seed> Seeds() =>
    [
        new("request", [.. Frame(Text, Encoding.UTF8.GetBytes(Request)), .. Frame(Close, [3, 232])]),
        new("two-requests", [.. Frame(Text, Encoding.UTF8.GetBytes(Request)), .. Frame(Text, Encoding.UTF8.GetBytes(Request))]),
        new("parts", [.. Frame(Begin, Encoding.UTF8.GetBytes(Request[..20])), .. Frame(Ping, "p"u8), .. Frame(End, Encoding.UTF8.GetBytes(Request[20..]))]),
        new("binary", Frame(Binary, [0x12, 0x04, 0x2F, 0x72, 0x75, 0x6E])),
        new("bad-json", [.. Frame(Text, "{\"data\": 5}"u8), .. Frame(Text, "not json"u8)]),
        new("long-length", [0x81, 0xFE, 0x00, 0x05, 0, 0, 0, 0, .. "{ }  "u8]),
        new("closes", [.. Frame(Close, [3, 232, .. "bye"u8]), .. Frame(Text, "{}"u8)]),
        new("unmasked", [0x81, 0x02, .. "{}"u8]),
    ];

    protected override bool IsHealthy(ReadOnlySpan<byte> answer) => answer.IndexOf("red apple"u8) > 0;

    private static byte[] Frame(byte head, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 126)
        {
            return [head, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload];
        }

        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)payload.Length);
        return [head, 0xFE, .. length, 0, 0, 0, 0, .. payload];
    }
}
