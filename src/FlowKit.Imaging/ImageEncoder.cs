using FlowKit.Imaging.Vips;

namespace FlowKit.Imaging;

/// <summary>Encodes pictures, for thumbnails and tests.</summary>
public static class ImageEncoder
{
    private const int EightBit = 0;

    /// <summary>A JPEG file of <paramref name="image"/>.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="quality">1 to 100.</param>
    /// <exception cref="FlowKitException">A quality out of range, or a side over JPEG's 65,535 pixels.</exception>
    public static byte[] EncodeJpeg(RgbImage image, int quality = 85)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (quality is < 1 or > 100)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The JPEG quality is {quality}; expected 1 to 100.");
        }

        return Save("jpegsave_buffer", image, $"Q={quality}");
    }

    /// <summary>A PNG file of <paramref name="image"/>, without loss.</summary>
    /// <param name="image">The picture.</param>
    public static byte[] EncodePng(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Save("pngsave_buffer", image, "compression=6");
    }

    private static unsafe byte[] Save(string nickname, RgbImage image, string options)
    {
        using var save = new VipsOperation(nickname);
        fixed (byte* data = image.Pixels.Span)
        {
            var input = VipsNative.NewImageFromMemory(data, (nuint)image.Pixels.Length, image.Width, image.Height, 3, EightBit);
            save.SetImage("in", input);
            VipsNative.Unref(input);
            if (!save.TryBuild(options))
            {
                throw new FlowKitException(
                    FlowErrorCode.InvalidArgument,
                    $"An image of {image.Width}×{image.Height} pixels cannot be saved by {nickname}.");
            }

            var output = save.Output("buffer", VipsNative.BlobType());
            var bytes = VipsNative.GetBlob(output, out var length);
            var result = new ReadOnlySpan<byte>(bytes, checked((int)length)).ToArray();
            VipsNative.UnsetValue(ref output);
            return result;
        }
    }
}
