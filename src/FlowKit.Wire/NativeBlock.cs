using System.Buffers;
using System.Runtime.InteropServices;

namespace FlowKit.Wire;

/// <summary>
/// Memory outside the heap for a large message. It grows without being copied, is not there before it is written, and goes back to the
/// system at once: an array would stay in its pool, or wait for a collection of the oldest generation.
/// </summary>
internal sealed unsafe class NativeBlock : MemoryManager<byte>
{
    private byte* _start;
    private int _length;

    public NativeBlock(int length) => Grow(length);

    /// <summary>Makes it larger; what was taken of it before is of no use any more.</summary>
    public void Grow(int length)
    {
        _start = (byte*)NativeMemory.Realloc(_start, (nuint)length);
        _length = length;
    }

    public override Span<byte> GetSpan() => new(_start, _length);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length, nameof(elementIndex));
        return new MemoryHandle(_start + elementIndex, default, this);
    }

    /// <summary>Does nothing: it does not move.</summary>
    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(_start);
        _start = null;
        _length = 0;
    }
}
