using System.Runtime.InteropServices;
using FlowKit.Executors.Mapped;

namespace FlowKit.Executors.Scan;

/// <summary>Floats that begin at a line of the cache, so that no vector of 16 of them crosses two lines.</summary>
internal sealed class AlignedFloats
{
    private const int Line = 64;

    private readonly float[] _array;
    private readonly int _offset;
    private readonly MappedFile? _file;
    private readonly long _place;

    public AlignedFloats(int length)
    {
        Length = length;
        _array = GC.AllocateArray<float>(length + (Line / sizeof(float)), pinned: true);
        var beyond = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0) % Line);
        _offset = (Line - beyond) % Line / sizeof(float);
    }

    /// <summary>Takes those of a file, which begin at a page.</summary>
    public AlignedFloats(MappedFile file, long place, int length) => (_file, _place, Length, _array) = (file, place, length, []);

    public int Length { get; }

    public Span<float> Span => _file is null ? _array.AsSpan(_offset, Length) : _file.Values<float>(_place, Length);
}
