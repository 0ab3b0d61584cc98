using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using FlowKit.TestKit;

namespace FlowKit.Serving.Grpc;

/// <summary>Writes HTTP/2 frames by hand, right or wrong, and reads what comes back.</summary>
internal sealed class RawHttp2 : IAsyncDisposable
{
    public const byte Data = 0, HeadersFrame = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, Continuation = 9;
    public const byte EndStream = 1, EndHeaders = 4;

    private readonly TcpClient _client;

    private RawHttp2(TcpClient client) => (_client, Stream) = (client, client.GetStream());

    private NetworkStream Stream { get; }

    public static async Task<RawHttp2> ConnectAsync(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", address.Port);
        var raw = new RawHttp2(client);
        await raw.Stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await raw.WriteAsync(Settings, 0, 0, []);
        return raw;
    }

    public async Task WriteAsync(byte type, byte flags, int stream, byte[] payload) => await Stream.WriteAsync(Frame(type, flags, stream, payload));

    public static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)payload.Length);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    public Task WriteRawAsync(byte[] bytes) => Stream.WriteAsync(bytes).AsTask();

    /// <summary>Begins a call.</summary>
    public Task BeginAsync(int stream, string path, byte flags = EndHeaders, params (string Name, string Value)[] more) => WriteAsync(HeadersFrame, flags, stream, Block(path, more));

    /// <summary>A header block of literals without indexing and without Huffman coding.</summary>
    public static byte[] Block(string path, params (string Name, string Value)[] more)
    {
        var block = new MemoryStream();
        (string Name, string Value)[] own = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"), ("te", "trailers")];
        foreach (var (name, value) in own.Concat(more))
        {
            block.WriteByte(0);
            block.WriteByte((byte)name.Length);
            block.Write(Encoding.ASCII.GetBytes(name));
            block.WriteByte((byte)value.Length);
            block.Write(Encoding.ASCII.GetBytes(value));
        }

        return block.ToArray();
    }

    public void HalfClose() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Reads frames until the server closes, or one is wanted.</summary>
    /// <returns>Type, stream and payload of each frame.</returns>
    public async Task<List<(byte Type, int Stream, byte[] Payload)>> ReadAsync(Func<byte, int, bool>? until = null)
    {
        using var limit = new CancellationTokenSource(TestTimeout.Limit);
        var frames = new List<(byte, int, byte[])>();
        var head = new byte[9];
        try
        {
            while (await Stream.ReadAtLeastAsync(head, 9, throwOnEndOfStream: false, limit.Token) == 9)
            {
                var payload = new byte[(head[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1))];
                await Stream.ReadExactlyAsync(payload, limit.Token);
                var stream = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5));
                frames.Add((head[3], stream, payload));
                if (until?.Invoke(head[3], stream) == true)
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            // A reset ends the reading as a close does.
        }

        return frames;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
