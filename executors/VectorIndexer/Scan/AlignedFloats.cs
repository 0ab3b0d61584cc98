using System.Runtime.InteropServices;

namespace FlowKit.Executors.Scan;

/// <summary>Floats that begin at a line of the cache, so that no vector of 16 of them crosses two lines.</summary>
internal sealed class AlignedFloats
{
    private const int Line = 64;

    private readonly float[] _array;
    private readonly int _offset;

    public AlignedFloats(int length)
    {
        Length = length;
        _array = GC.AllocateArray<float>(length + (Line / sizeof(float)), pinned: true);
        var beyond = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0) % Line);
        _offset = (Line - beyond) % Line / sizeof(float);
    }

    public int Length { get; }

    public Span<float> Span => _array.AsSpan(_offset, Length);
}
