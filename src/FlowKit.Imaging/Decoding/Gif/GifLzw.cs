namespace FlowKit.Imaging.Decoding.Gif;

/// <summary>Unpacks the indices of a GIF's frame: LZW with codes of at most 12 bits, in blocks of at most 255 bytes.</summary>
internal ref struct GifLzw
{
    private const int MaxBits = 12;
    private const int MaxCodes = 1 << MaxBits;

    private readonly int _clear;
    private readonly int _dataBits;
    private ByteReader _blocks;
    private ReadOnlySpan<byte> _block;
    private int _bits;
    private int _bitCount;
    private int _codeSize;

    /// <param name="data">The number of bits of an index, and the blocks.</param>
    /// <exception cref="EndOfStreamException">There are no bytes.</exception>
    /// <exception cref="InvalidDataException">The number is none that the format allows.</exception>
    public GifLzw(ReadOnlySpan<byte> data)
    {
        _blocks = new ByteReader(data);
        _dataBits = _blocks.TakeByte();
        if (_dataBits >= MaxBits)
        {
            throw new InvalidDataException();
        }

        _clear = 1 << _dataBits;
        _codeSize = _dataBits + 1;
    }

    /// <summary>Fills <paramref name="target"/>; codes behind its last index are not looked at.</summary>
    /// <exception cref="EndOfStreamException">The data end before it is full.</exception>
    /// <exception cref="InvalidDataException">A code that cannot be.</exception>
    public void Fill(Span<byte> target)
    {
        Span<ushort> prefixes = stackalloc ushort[MaxCodes];
        Span<byte> suffixes = stackalloc byte[MaxCodes];
        Span<byte> text = stackalloc byte[MaxCodes];
        var (next, last, first, filled) = (_clear + 2, -1, (byte)0, 0);
        while (filled < target.Length)
        {
            var code = NextCode();
            if (code == _clear)
            {
                (next, last, _codeSize) = (_clear + 2, -1, _dataBits + 1);
                continue;
            }

            if (code == _clear + 1)
            {
                throw new EndOfStreamException();
            }

            if (code > (last < 0 ? _clear : next))
            {
                throw new InvalidDataException();
            }

            // A code's indices are found from the last to the first. The newest code, not yet complete, begins and ends with the same.
            var start = text.Length;
            var link = code;
            if (code == next)
            {
                text[--start] = first;
                link = last;
            }

            while (link >= _clear)
            {
                text[--start] = suffixes[link];
                link = prefixes[link];
            }

            first = (byte)link;
            text[--start] = first;
            var run = text[start..];
            run[..Math.Min(run.Length, target.Length - filled)].CopyTo(target[filled..]);
            filled += run.Length;
            if (last >= 0 && next < MaxCodes)
            {
                (prefixes[next], suffixes[next]) = ((ushort)last, first);
                Grow(next++);
            }

            last = code;
        }
    }

    private void Grow(int newest)
    {
        if (newest == (1 << _codeSize) - 1 && _codeSize < MaxBits)
        {
            _codeSize++;
        }
    }

    private int NextCode()
    {
        while (_bitCount < _codeSize)
        {
            // An empty block ends the frame, but Pillow reads on: what follows is another block or the end of the file.
            while (_block.IsEmpty)
            {
                _block = _blocks.Take(_blocks.TakeByte());
            }

            _bits |= _block[0] << _bitCount;
            _bitCount += 8;
            _block = _block[1..];
        }

        var code = _bits & ((1 << _codeSize) - 1);
        _bits >>= _codeSize;
        _bitCount -= _codeSize;
        return code;
    }
}
