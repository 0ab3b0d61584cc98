using System.Buffers.Binary;
using Grpc.Core;

namespace FlowKit.Serving.Ipc;

/// <summary>
/// The beginning of every frame, in 24 bytes of little-endian numbers:
/// <code>
///  0  uint32  the mark "FKL1", which tells a connection of this version from anything else
///  4  uint8   kind: see IpcFrameKind
///  5  uint8   flags: see IpcFrameFlags
///  6  uint16  of a refusal: its gRPC status code; otherwise 0
///  8  int32   how many bytes the body has
/// 12  int32   of a hello: the file descriptor of the sender's memory, -1 for none; otherwise 0
/// 16  int64   of a request: how long its caller still waits, in microseconds; of a refusal: after how long to come again; -1 for nothing
/// </code>
/// The body follows, unless it is in shared memory: a <c>jina.DataRequestProto</c> of a request or an answer, a
/// <c>jina.DataRequestListProto</c> of parts, UTF-8 text of a refusal, nothing of a hello, a trace as <see cref="IpcTrace"/> writes it.
/// Documents are of DocArray's first dialect.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">How many bytes the body has.</param>
internal readonly record struct IpcFrameHeader(IpcFrameKind Kind, int Length)
{
    public const int Size = 24;

    private const uint Mark = 'F' | ('K' << 8) | ('L' << 16) | ('1' << 24);

    public IpcFrameFlags Flags { get; init; }

    public StatusCode Code { get; init; }

    public int File { get; init; }

    public TimeSpan? Wait { get; init; }

    /// <exception cref="InvalidDataException">It is no header.</exception>
    public static IpcFrameHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Mark)
        {
            throw new InvalidDataException("what came does not begin as a frame does");
        }

        var header = new IpcFrameHeader((IpcFrameKind)bytes[4], BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]))
        {
            Flags = (IpcFrameFlags)bytes[5],
            Code = (StatusCode)BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
            File = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            Wait = WaitOf(BinaryPrimitives.ReadInt64LittleEndian(bytes[16..])),
        };
        return header.Length >= 0 && header.Kind is >= IpcFrameKind.Hello and <= IpcFrameKind.Trace
            ? header
            : throw new InvalidDataException($"a frame of kind {(byte)header.Kind} with {header.Length} bytes is not understood");
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Mark);
        bytes[4] = (byte)Kind;
        bytes[5] = (byte)Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], (ushort)Code);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], File);
        var wait = Wait is { } known ? Math.Max(known.Ticks, 0) / TimeSpan.TicksPerMicrosecond : -1;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], wait);
    }

    private static TimeSpan? WaitOf(long microseconds) => microseconds is >= 0 and <= long.MaxValue / TimeSpan.TicksPerMicrosecond
        ? TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond)
        : null;
}
