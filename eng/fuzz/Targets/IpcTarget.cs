using FlowKit.Serving.Ipc;
using FlowKit.Wire.Proto;

namespace FlowKit.Fuzz.Targets;

/// <summary>Frames between a gateway and a worker process, cut into pieces as a socket cuts them, and the messages inside.</summary>
internal sealed class IpcTarget : FuzzTarget
{
    private const int Limit = 1 << 20;

    public override string Name => "ipc";

    /// <summary>A frame's body is given its room at once, up to the limit.</summary>
    public override long AllocationBase => 64 << 20;

    public override IReadOnlyList<byte[]> Tokens { get; } =
        ["FKL1"u8.ToArray(), Frame(IpcFrameKind.Hello, []), Frame(IpcFrameKind.Request, []), Frame(IpcFrameKind.Parts, [10, 0]), Frame(IpcFrameKind.Refusal, "no"u8.ToArray()), new byte[24]];

    public override IEnumerable<Seed> Seeds()
    {
        var request = new ProtoTarget(DocArrayDialect.V1).Seeds().ToDictionary(seed => seed.Name, seed => seed.Bytes);
        yield return new("hello", Frame(IpcFrameKind.Hello, []));
        yield return new("request", [.. Frame(IpcFrameKind.Hello, []), .. Frame(IpcFrameKind.Request, request["text"])]);
        yield return new("parts", [.. Frame(IpcFrameKind.Hello, []), .. Frame(IpcFrameKind.Parts, request["list-nested"])]);
        yield return new("answer", [.. Frame(IpcFrameKind.Hello, []), .. Frame(IpcFrameKind.Answer, request["arrays"]), .. Frame(IpcFrameKind.Answer, request["reply"])]);
        yield return new("refusal", [.. Frame(IpcFrameKind.Hello, []), .. Frame(IpcFrameKind.Refusal, "busy"u8.ToArray())]);
        yield return new("large", [.. Frame(IpcFrameKind.Hello, []), .. Frame(IpcFrameKind.Request, new byte[5000])]);
    }

    public override void Run(byte[] input)
    {
        using var connection = new IpcConnection(new Pieces(input), IpcOptions.Default with { SharedLimit = 0 });
        try
        {
            while (Receive(connection) is { } frame)
            {
                Read(frame);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
        }
    }

    /// <summary>What is in memory never waits.</summary>
    private static IpcFrame? Receive(IpcConnection connection)
    {
        var receiving = connection.ReceiveAsync(Limit, CancellationToken.None);
        return receiving.IsCompleted ? receiving.GetAwaiter().GetResult() : throw new FuzzFailure("What has come is waited for.");
    }

    private static void Read(IpcFrame frame)
    {
        if (frame.Body is not { } body)
        {
            return;
        }

        if (body.Length > Limit)
        {
            throw new FuzzFailure("A body is larger than the limit.");
        }

        try
        {
            if (frame.Header.Kind == IpcFrameKind.Parts)
            {
                DataRequestListCodec.Read(body);
            }
            else
            {
                DataRequestCodec.Read(body);
            }
        }
        catch (FlowKitException exception) when (exception.Error.Code == FlowErrorCode.InvalidArgument)
        {
        }
    }

    private static byte[] Frame(IpcFrameKind kind, byte[] body)
    {
        var frame = new byte[IpcFrameHeader.Size + body.Length];
        new IpcFrameHeader(kind, body.Length) { File = kind == IpcFrameKind.Hello ? -1 : 0 }.Write(frame);
        body.CopyTo(frame, IpcFrameHeader.Size);
        return frame;
    }

    /// <summary>A socket over which bytes come in pieces of 1 to 700, always in the same ones.</summary>
    /// <param name="bytes">What comes before the end.</param>
    private sealed class Pieces(byte[] bytes) : IIpcSocket
    {
        private int _at;

        public int? Peer => null;

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => new(piece.Length);

        public ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken)
        {
            var length = Math.Min(Math.Min(target.Length, bytes.Length - _at), 1 + (_at * 31 % 700));
            bytes.AsMemory(_at, length).CopyTo(target);
            _at += length;
            return new ValueTask<int>(length);
        }

        public void Dispose()
        {
        }
    }
}
