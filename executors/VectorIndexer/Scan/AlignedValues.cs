using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowKit.Executors.Mapped;

namespace FlowKit.Executors.Scan;

/// <summary>Values that begin at a line of the cache, so that no vector of 16 of them crosses more lines than it must.</summary>
/// <typeparam name="T">The numbers of a vector.</typeparam>
internal sealed class AlignedValues<T>
    where T : unmanaged
{
    private const int Line = 64;

    private readonly T[] _array;
    private readonly int _offset;
    private readonly MappedFile? _file;
    private readonly long _place;

    public AlignedValues(int length)
    {
        Length = length;
        var size = Unsafe.SizeOf<T>();
        _array = GC.AllocateArray<T>(length + (Line / size), pinned: true);
        var beyond = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0) % Line);
        _offset = (Line - beyond) % Line / size;
    }

    /// <summary>Takes those of a file, which begin at a page.</summary>
    public AlignedValues(MappedFile file, long place, int length) => (_file, _place, Length, _array) = (file, place, length, []);

    public int Length { get; }

    public Span<T> Span => _file is null ? _array.AsSpan(_offset, Length) : _file.Values<T>(_place, Length);
}
