using System.Buffers.Binary;

namespace FlowKit.Imaging.Decoding;

/// <summary>Recognises a format by its first bytes, and sees whether the file has its end.</summary>
internal static class FormatSniffer
{
    /// <summary>The format of <paramref name="data"/>.</summary>
    /// <exception cref="FlowKitException">No bytes, or none of the known formats.</exception>
    internal static ImageFormat Recognise(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, "The image has no bytes.");
        }

        return TryRecognise(data)
            ?? throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                "The bytes are not an image in a known format (JPEG, PNG, WebP, GIF, TIFF).");
    }

    private static ImageFormat? TryRecognise(ReadOnlySpan<byte> data) => data switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, ..] => ImageFormat.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => ImageFormat.Gif,
        [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => ImageFormat.Tiff,
        _ => null,
    };

    /// <summary>Indicates whether bytes are missing, by the file's own end mark or length.</summary>
    internal static bool EndsEarly(ImageFormat format, ReadOnlySpan<byte> data) => format switch
    {
        ImageFormat.Jpeg => data.LastIndexOf<byte>([0xFF, 0xD9]) < 0,
        ImageFormat.Png => data.LastIndexOf("IEND"u8) < 0,
        ImageFormat.Gif => data[^1] != 0x3B,
        ImageFormat.WebP => BinaryPrimitives.ReadUInt32LittleEndian(data[4..]) + 8L > data.Length,
        _ => false,
    };
}
