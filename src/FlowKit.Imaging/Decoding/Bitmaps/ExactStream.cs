namespace FlowKit.Imaging.Decoding.Bitmaps;

/// <summary>Bytes in memory as a stream that throws where it is read beyond its end, of which ImageSharp takes no notice.</summary>
internal sealed unsafe class ExactStream(byte* bytes, int length) : Stream
{
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>More than there is: a reader that knows the end stops there, and gives what it has for the whole.</summary>
    public override long Length => int.MaxValue;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="EndOfStreamException">There are fewer bytes than asked for.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_position < 0 || _position > length - buffer.Length)
        {
            throw new EndOfStreamException();
        }

        new ReadOnlySpan<byte>(bytes + _position, buffer.Length).CopyTo(buffer);
        _position += buffer.Length;
        return buffer.Length;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
