namespace FlowKit.Imaging.Decoding;

/// <summary>The formats that are decoded. One more is a class in this folder and a line here.</summary>
internal static class FormatDecoders
{
    private static readonly FormatDecoder[] s_all =
    [
        new JpegDecoder(), new PngDecoder(), new WebPDecoder(), new GifDecoder(), new TiffDecoder(), new BmpDecoder(), new PnmDecoder(),

        // Last: it has no mark.
        new TgaDecoder(),
    ];

    private static readonly string s_names = string.Join(", ", s_all.Select(decoder => decoder.Name));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FormatDecoder> All => s_all;

    /// <summary>Finds the decoder of a file by its first bytes.</summary>
    /// <exception cref="FlowKitException">No bytes, or none of the known formats.</exception>
    public static FormatDecoder Find(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, "The image has no bytes.");
        }

        foreach (var decoder in s_all)
        {
            if (decoder.Recognises(data))
            {
                return decoder;
            }
        }

        throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The bytes are not an image in a known format ({s_names}).");
    }
}
