using System.IO.MemoryMappedFiles;

namespace FlowKit.Executors.Mapped;

/// <summary>
/// A file as memory. Where it may be changed, changes stay in this process and the file as it is; pages that are only read are the
/// system's to keep or to drop.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    private MappedFile(MemoryMappedFile file, MemoryMappedViewAccessor view, long length)
    {
        (_file, _view, Length) = (file, view, length);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>The number of bytes.</summary>
    public long Length { get; }

    /// <exception cref="IOException">It cannot be opened or mapped.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static MappedFile Open(string path, bool isWritable)
    {
        var access = isWritable ? MemoryMappedFileAccess.CopyOnWrite : MemoryMappedFileAccess.Read;
        var length = new FileInfo(path).Length;
        var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, access);
        try
        {
            return new MappedFile(file, file.CreateViewAccessor(0, length, access), length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The values at a place.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="count">The number of values.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not all in the file.</exception>
    public Span<T> Values<T>(long offset, int count)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + ((long)count * sizeof(T)), Length, nameof(offset));
        return new Span<T>(_start + offset, count);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
