using FlowKit.Imaging.Decoding.Pnm;

namespace FlowKit.Imaging.Decoding;

/// <summary>PBM, PGM and PPM, in bytes or in text.</summary>
/// <remarks>
/// ImageSharp takes pixels that look like spaces for the end of the header, and scales only by whole numbers; so the file is read here.
/// </remarks>
internal sealed class PnmDecoder : FormatDecoder
{
    /// <inheritdoc/>
    public override ImageFormat Format => ImageFormat.Pnm;

    /// <inheritdoc/>
    public override bool Recognises(ReadOnlySpan<byte> data) =>
        data is [(byte)'P', >= (byte)'1' and <= (byte)'6', var space, ..] && PnmHeader.IsSpace(space);

    /// <inheritdoc/>
    protected override ImageHeader ParseHeader(ReadOnlySpan<byte> encoded)
    {
        var header = PnmHeader.Read(encoded);
        return new ImageHeader(Format, header.Width, header.Height, Orientation: 1);
    }

    /// <inheritdoc/>
    protected override RgbImage ParsePixels(ReadOnlySpan<byte> encoded, ImageDecodeOptions options)
    {
        var header = PnmHeader.Read(encoded);
        CheckSize(header.Width, header.Height, options);
        if (header.MinBytes > header.Data.Length)
        {
            throw new EndOfStreamException();
        }

        var image = RgbImage.New(header.Width, header.Height, options);
        try
        {
            Fill(header, image.Pixels.Span);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static void Fill(PnmHeader header, Span<byte> pixels)
    {
        if (header is { IsText: false, Bands: 3, Highest: byte.MaxValue })
        {
            new ByteReader(header.Data).Take(pixels.Length).CopyTo(pixels);
            return;
        }

        var samples = new PnmSamples(header);
        for (var i = 0; i < pixels.Length; i += 3 / header.Bands)
        {
            var sample = samples.Next();
            pixels.Slice(i, 3 / header.Bands).Fill(sample);
        }
    }
}
