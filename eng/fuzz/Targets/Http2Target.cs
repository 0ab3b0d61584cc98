using System.Buffers.Binary;
using System.Text;
using FlowKit.Wire.Proto;

namespace FlowKit.Fuzz.Targets;

/// <summary>HTTP/2 frames, with gRPC inside, after a connection's preface.</summary>
internal sealed class Http2Target() : GatewayTarget("protocol: grpc")
{
    private const byte Data = 0, Headers = 1, Priority = 2, Reset = 3, Settings = 4, Push = 5, Ping = 6, GoAway = 7, Window = 8, Continuation = 9;
    private const byte EndStream = 1, EndHeaders = 4;
    private const string Single = "/jina.JinaSingleDataRequestRPC/process_single_data";

    private static readonly byte[] s_request = [.. new ProtoTarget(DocArrayDialect.V1).Seeds().First(seed => seed.Name == "text").Bytes];

    public override string Name => "http2";

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        Frame(Settings, 0, 0, []), Frame(Settings, 1, 0, []), Frame(Ping, 0, 0, new byte[8]), Frame(Window, 0, 0, [0x7F, 0xFF, 0xFF, 0xFF]), Frame(Reset, 0, 1, [0, 0, 0, 8]),
        Frame(GoAway, 0, 0, new byte[8]), Frame(Data, EndStream, 1, []), Frame(Continuation, EndHeaders, 1, []), Frame(Priority, 0, 1, new byte[5]), Frame(Push, 4, 1, new byte[4]),
        Encoding.ASCII.GetBytes("grpc-timeout"), Encoding.ASCII.GetBytes("0n"), Encoding.ASCII.GetBytes("grpc-encoding"), Encoding.ASCII.GetBytes("gzip"), [0x82], [0x3F, 0xE1, 0x1F], [0x00, 0x7F, 0xFF, 0xFF, 0xFF],
    ];

    protected override byte[] Opening { get; } = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])];

    protected override byte[] Healthy => [.. Opening, .. Begin(1, Single), .. Frame(Data, EndStream, 1, Message(s_request))];

    public override IEnumerable<Seed> Seeds() =>
    [
        new("call", [.. Begin(1, Single), .. Frame(Data, EndStream, 1, Message(s_request))]),
        new("two-calls", [.. Begin(1, Single), .. Begin(3, Single), .. Frame(Data, EndStream, 3, Message(s_request)), .. Frame(Data, EndStream, 1, Message(s_request))]),
        new("stream", [.. Begin(1, "/jina.JinaRPC/Call"), .. Frame(Data, 0, 1, Message(s_request)), .. Frame(Data, 0, 1, Message(s_request)), .. Frame(Data, EndStream, 1, [])]),
        new("reset", [.. Begin(1, Single), .. Frame(Reset, 0, 1, [0, 0, 0, 8])]),
        new("unknown", [.. Begin(1, "/a.B/C"), .. Frame(Data, EndStream, 1, Message([]))]),
        new("split-headers", [.. Frame(Headers, 0, 1, Block(Single)[..10]), .. Frame(Continuation, EndHeaders, 1, Block(Single)[10..]), .. Frame(Data, EndStream, 1, Message(s_request))]),
        new("timeout", [.. Frame(Headers, EndHeaders, 1, Block(Single, ("grpc-timeout", "1S"), ("grpc-encoding", "gzip"))), .. Frame(Data, EndStream, 1, Message(s_request))]),
        new("pings", [.. Frame(Ping, 0, 0, new byte[8]), .. Frame(Window, 0, 0, [0, 1, 0, 0]), .. Frame(Settings, 0, 0, [0, 4, 0, 1, 0, 0]), .. Begin(1, "/grpc.health.v1.Health/Check"), .. Frame(Data, EndStream, 1, Message([]))]),
        new("reflection", [.. Begin(1, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"), .. Frame(Data, EndStream, 1, Message([0x3A, 0x00]))]),
        new("long-message", [.. Begin(1, Single), .. Frame(Data, 0, 1, [0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3])]),
    ];

    /// <summary>The status of a call that went well stands at the end, in trailers whose words may be written shorter.</summary>
    protected override bool IsHealthy(ReadOnlySpan<byte> answer) => answer.Length > s_request.Length;

    private static byte[] Begin(int stream, string path) => Frame(Headers, EndHeaders, stream, Block(path));

    private static byte[] Message(byte[] body)
    {
        var message = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length);
        body.CopyTo(message, 5);
        return message;
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    /// <summary>A header block of literals without indexing and without Huffman coding.</summary>
    private static byte[] Block(string path, params (string Name, string Value)[] more)
    {
        var block = new List<byte>();
        (string Name, string Value)[] own = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"), ("te", "trailers"), ("content-type", "application/grpc")];
        foreach (var (name, value) in own.Concat(more))
        {
            block.AddRange([0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)]);
        }

        return [.. block];
    }
}
