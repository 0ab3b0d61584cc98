using System.Buffers;
using FlowKit.Wire.Grpc;

namespace FlowKit.Serving.Grpc;

/// <summary><c>message Packet { bytes body = 1; }</c>, by hand.</summary>
internal sealed class PacketMarshaller : GrpcMarshaller<byte[]>
{
    public static PacketMarshaller Instance { get; } = new();

    public override int SizeOf(byte[] message) => message.Length == 0 ? 0 : 1 + VarintSize(message.Length) + message.Length;

    public override void Write(byte[] message, IBufferWriter<byte> writer)
    {
        if (message.Length == 0)
        {
            return;
        }

        Span<byte> head = stackalloc byte[6];
        head[0] = 0x0A;
        var at = 1;
        var rest = message.Length;
        for (; rest >= 0x80; rest >>= 7)
        {
            head[at++] = (byte)(rest | 0x80);
        }

        head[at++] = (byte)rest;
        writer.Write(head[..at]);
        writer.Write(message);
    }

    public override byte[] Read(ReadOnlyMemory<byte> message)
    {
        var bytes = message.Span;
        if (bytes.IsEmpty)
        {
            return [];
        }

        if (bytes[0] != 0x0A)
        {
            throw new InvalidDataException($"body: field 1 was expected, not tag {bytes[0]}");
        }

        int length = 0, at = 1;
        for (var shift = 0; ; shift += 7)
        {
            length |= (bytes[at] & 0x7F) << shift;
            if (bytes[at++] < 0x80)
            {
                return length == bytes.Length - at ? bytes[at..].ToArray() : throw new InvalidDataException($"body: {length} bytes were expected");
            }
        }
    }

    private static int VarintSize(int value) => 1 + ((31 - int.LeadingZeroCount(value | 1)) / 7);
}
