using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Runtime.InteropServices;
using FlowKit.Wire.Proto;
using Microsoft.Win32.SafeHandles;

namespace FlowKit.Serving.Ipc;

/// <summary>
/// Memory that this side writes and the other reads: a file without a name, which is gone with the last process that has it open, however
/// that ends. Its room is taken from the system before it is written, so that a system without room says so instead of ending the
/// process. Its length is sealed: whoever else has it open can neither cut off what this side writes to nor make it larger.
/// </summary>
internal sealed unsafe partial class SharedOutput : MemoryManager<byte>
{
    private const uint CloseOnExec = 1;
    private const uint AllowSealing = 2;
    private const int AddSeals = 1033;
    private const int SealedSeals = 1;
    private const int SealedAgainstShrinking = 2;
    private const int SealedAgainstGrowing = 4;
    private const int Smallest = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly int _length;
    private readonly BlockWriter _writer = new();
    private readonly Lock _lock = new();
    private MemoryMappedFile? _mapping;
    private MemoryMappedViewAccessor? _view;
    private byte* _start;
    private int _capacity;
    private bool _isClosed;

    private SharedOutput(SafeFileHandle file, int length) => (_file, _length) = (file, length);

    /// <summary>Its number in this process.</summary>
    public int File => (int)_file.DangerousGetHandle();

    /// <summary>Makes it; it takes no room yet.</summary>
    /// <param name="limit">How large it may grow, in bytes.</param>
    /// <returns><see langword="null"/> where the system does not have it.</returns>
    public static SharedOutput? TryCreate(int limit)
    {
        if (limit <= 0 || !OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            var number = CreateFile("flowkit-ipc", CloseOnExec | AllowSealing);
            if (number < 0)
            {
                return null;
            }

            var file = new SafeFileHandle(number, ownsHandle: true);
            if (SetLength(file, limit) == 0
                && Control(file, AddSeals, SealedSeals | SealedAgainstShrinking | SealedAgainstGrowing) == 0)
            {
                return new SharedOutput(file, limit);
            }

            file.Dispose();
            return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes a message at its start.</summary>
    /// <returns>Whether there was room for it.</returns>
    public bool TryWrite<T>(MeasuredMessage<T> message)
    {
        lock (_lock)
        {
            var needed = message.Size + (long)BlockWriter.Slack;
            if (_isClosed || (needed > _capacity && !TryGrow(needed)))
            {
                return false;
            }

            _writer.Use(Memory);
            message.Write(_writer);
            return true;
        }
    }

    public override Span<byte> GetSpan() => new(_start, _capacity);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            _isClosed = true;
            Unmap();
            _file.Dispose();
        }
    }

    /// <summary>The whole length is mapped at once; only what is written to takes room.</summary>
    private bool TryGrow(long needed)
    {
        var capacity = Math.Min(_length, Math.Max(Smallest, (long)BitOperations.RoundUpToPowerOf2((ulong)needed)));
        if (needed > _length || TakeRoom(File, 0, capacity) != 0)
        {
            return false;
        }

        if (_view is null)
        {
            _mapping = MemoryMappedFile.CreateFromFile(
                _file, null, _length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
            _view = _mapping.CreateViewAccessor(0, _length);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        }

        _capacity = (int)capacity;
        return true;
    }

    private void Unmap()
    {
        if (_view is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _mapping!.Dispose();
            (_view, _mapping, _capacity) = (null, null, 0);
            _start = null;
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CreateFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLength(SafeFileHandle file, nint length);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int TakeRoom(int file, long offset, long length);
}
