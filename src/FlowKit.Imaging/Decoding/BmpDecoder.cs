using System.Buffers.Binary;
using FlowKit.Imaging.Decoding.Bitmaps;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;

namespace FlowKit.Imaging.Decoding;

/// <summary>BMP of 1, 4, 8, 16, 24 and 32 bits, from the bottom or from the top, with or without run lengths.</summary>
internal sealed class BmpDecoder : ImageSharpDecoder
{
    private const int FileHeader = 14;
    private const int OldInfoHeader = 12;
    private const int InfoHeader = 40;
    private const int OffsetPlace = 10;
    private const int ColoursPlace = FileHeader + 32;
    private const int GreenMaskPlace = FileHeader + InfoHeader + 4;
    private const int GreenMaskOfSixBits = 0x7E0;

    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.Bmp;

    /// <inheritdoc/>
    protected override IImageDecoder Reader { get; } =
        new SixLabors.ImageSharp.Formats.Bmp.BmpDecoder { RleSkippedPixelHandling = RleSkippedPixelHandling.FirstColorOfPalette };

    /// <summary>Two letters are little; the header's size, one of a few, stands near.</summary>
    public override bool Recognises(ReadOnlySpan<byte> data) =>
        data is [(byte)'B', (byte)'M', ..]
        && data.Length > FileHeader
        && data[FileHeader] is OldInfoHeader or InfoHeader or 52 or 56 or 64 or 108 or 124;

    /// <inheritdoc/>
    protected override BitmapHeader ParseBitmapHeader(ReadOnlySpan<byte> encoded)
    {
        var layout = BmpLayout.Read(encoded);
        var highest = layout switch
        {
            { Bits: 16, IsMasked: true } when GreenMask(encoded) == GreenMaskOfSixBits => (31, 63, 31),
            { Bits: 16 } => (31, 31, 31),
            _ => default,
        };
        return new BitmapHeader(layout.Width, layout.Height)
        {
            Unsupported = layout.Unsupported,
            MinBytes = layout.MinBytes,
            Highest = highest,
        };
    }

    /// <summary>An index beyond the palette is a shade of gray: the palette is filled up with them.</summary>
    protected override byte[]? Rewrite(ReadOnlySpan<byte> encoded)
    {
        var layout = BmpLayout.Read(encoded);
        var (place, whole) = (FileHeader + layout.HeaderSize, layout.Bits > 8 ? 0 : 1 << layout.Bits);
        var entry = layout.HeaderSize == OldInfoHeader ? 3 : 4;
        var size = Math.Min(layout.Colours, whole) * entry;
        if (size == whole * entry || place + size > layout.Offset || layout.Offset > encoded.Length)
        {
            return null;
        }

        var copy = new byte[encoded.Length - layout.Offset + place + (whole * entry)];
        encoded[..(place + size)].CopyTo(copy);
        for (var i = size; i < whole * entry; i++)
        {
            copy[place + i] = (byte)(i / entry);
        }

        BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(OffsetPlace), place + (whole * entry));
        if (layout.HeaderSize >= InfoHeader)
        {
            BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(ColoursPlace), whole);
        }

        encoded[layout.Offset..].CopyTo(copy.AsSpan(place + (whole * entry)));
        return copy;
    }

    private static int GreenMask(ReadOnlySpan<byte> encoded) => encoded.Length >= GreenMaskPlace + 4
        ? BinaryPrimitives.ReadInt32LittleEndian(encoded[GreenMaskPlace..])
        : throw new EndOfStreamException();
}
