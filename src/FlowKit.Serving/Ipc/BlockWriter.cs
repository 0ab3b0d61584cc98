using System.Buffers;

namespace FlowKit.Serving.Ipc;

/// <summary>Takes what is written into a block of memory that is large enough for it.</summary>
internal sealed class BlockWriter : IBufferWriter<byte>
{
    /// <summary>A writer of protobuf asks for the room of the longest number even where less is left to write.</summary>
    public const int Slack = 16;

    private Memory<byte> _block;

    /// <summary>Starts at the beginning of another block.</summary>
    public void Use(Memory<byte> block) => _block = block;

    public void Advance(int count) => _block = _block[count..];

    public Memory<byte> GetMemory(int sizeHint = 0) => Check(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => Check(sizeHint).Span;

    private Memory<byte> Check(int sizeHint) => sizeHint <= _block.Length
        ? _block
        : throw new InvalidOperationException("A message was changed after it had been measured, while it was being written.");
}
