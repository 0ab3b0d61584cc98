namespace FlowKit.Imaging.Decoding.Pnm;

/// <summary>The samples of a PBM, PGM or PPM file, one after another, as 8-bit values.</summary>
internal ref struct PnmSamples
{
    private readonly int _highest;
    private readonly int _full;
    private readonly bool _isText;
    private readonly bool _isBits;
    private readonly int _rowBits;
    private ByteReader _reader;
    private int _bit;
    private byte _byte;

    /// <param name="header">The file's header.</param>
    public PnmSamples(PnmHeader header)
    {
        (_highest, _isText, _isBits, _rowBits) = (header.Highest, header.IsText, header.IsBits, header.Width);

        // Gray of more than 8 bits becomes 16 bits and is then cut off at 255, as all gray of 16 bits is; colours become 8 bits.
        _full = header is { Bands: 1, Highest: > byte.MaxValue } ? ushort.MaxValue : byte.MaxValue;
        _reader = new ByteReader(header.Data);
    }

    /// <summary>Reads the next sample.</summary>
    /// <exception cref="EndOfStreamException">There is none.</exception>
    /// <exception cref="InvalidDataException">What there is is no number, or one above the highest.</exception>
    public byte Next()
    {
        if (_isBits)
        {
            return (_isText ? TakeDigit() : TakeBit()) == 0 ? byte.MaxValue : (byte)0;
        }

        var value = _isText ? TakeNumber() : TakeBinary();
        if (_highest == byte.MaxValue)
        {
            return (byte)value;
        }

        // Python rounds so, to the even number.
        var scaled = Math.Round((double)value / _highest * _full, MidpointRounding.ToEven);
        return (byte)Math.Min(scaled, byte.MaxValue);
    }

    private int TakeBinary() => _highest <= byte.MaxValue ? _reader.TakeByte() : (_reader.TakeByte() << 8) | _reader.TakeByte();

    /// <summary>Reads a bit; a row begins with a byte.</summary>
    private int TakeBit()
    {
        var place = _bit & 7;
        if (place == 0)
        {
            _byte = _reader.TakeByte();
        }

        _bit = _bit + 1 == _rowBits ? 0 : _bit + 1;
        return (_byte >> (7 - place)) & 1;
    }

    /// <summary>Reads a digit, between which there need be no space.</summary>
    private int TakeDigit() => TakeVisible() switch
    {
        (byte)'0' => 0,
        (byte)'1' => 1,
        _ => throw new InvalidDataException(),
    };

    private int TakeNumber()
    {
        var value = 0;
        for (var next = TakeVisible(); ; next = _reader.TakeByte())
        {
            value = next is >= (byte)'0' and <= (byte)'9' ? (value * 10) + next - '0' : throw new InvalidDataException();
            if (value > _highest)
            {
                throw new InvalidDataException();
            }

            if (_reader.Rest is [] || PnmHeader.IsSpace(_reader.Rest[0]) || _reader.Rest[0] == (byte)'#')
            {
                return value;
            }
        }
    }

    private byte TakeVisible()
    {
        while (true)
        {
            var next = _reader.TakeByte();
            if (next == (byte)'#')
            {
                PnmHeader.SkipComment(ref _reader);
            }
            else if (!PnmHeader.IsSpace(next))
            {
                return next;
            }
        }
    }
}
