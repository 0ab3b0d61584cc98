using System.Buffers;
using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>Shows memory of <typeparamref name="T"/> as bytes without copying it.</summary>
internal sealed class CastMemoryManager<T>(Memory<T> source) : MemoryManager<byte>
    where T : unmanaged
{
    public Memory<T> Source => source;

    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(source.Span);

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        var handle = source.Pin();
        return new MemoryHandle((byte*)handle.Pointer + elementIndex, default, new PinnedSource(handle));
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }

    /// <summary>Unpins the source when the handle over its bytes is disposed.</summary>
    private sealed class PinnedSource(MemoryHandle handle) : IPinnable
    {
        private MemoryHandle _handle = handle;

        public MemoryHandle Pin(int elementIndex) => _handle;

        public void Unpin() => _handle.Dispose();
    }
}
