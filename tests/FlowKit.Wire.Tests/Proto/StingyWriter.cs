using System.Buffers;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>Gives no byte more than it is asked for, each time somewhere else.</summary>
internal sealed class StingyWriter : IBufferWriter<byte>
{
    private readonly List<byte> _written = [];
    private byte[] _given = [];

    public byte[] Written => [.. _written];

    public int LargestGiven { get; private set; }

    public void Advance(int count)
    {
        _written.AddRange(_given.AsSpan(0, count));
        _given = [];
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        _given = new byte[Math.Max(sizeHint, 1)];
        LargestGiven = Math.Max(LargestGiven, _given.Length);
        return _given;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
