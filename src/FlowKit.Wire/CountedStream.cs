namespace FlowKit.Wire;

/// <summary>Reads another stream and counts.</summary>
/// <param name="inner">The stream, which stays its owner's.</param>
/// <param name="counted">Told of all bytes up to now, each time some have been read; what it throws ends the reading.</param>
internal sealed class CountedStream(Stream inner, Action<long>? counted = null) : ReadingStream
{
    /// <summary>The bytes that have been read.</summary>
    public long Count { get; private set; }

    public override int Read(Span<byte> buffer) => Add(inner.Read(buffer));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Add(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    private int Add(int read)
    {
        Count += read;
        counted?.Invoke(Count);
        return read;
    }
}
