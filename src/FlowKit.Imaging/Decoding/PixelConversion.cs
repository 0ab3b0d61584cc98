using System.Runtime.InteropServices;

namespace FlowKit.Imaging.Decoding;

/// <summary>
/// Turns what a file holds into RGB by the rules of Pillow's <c>convert("RGB")</c>: gray is repeated; alpha is dropped, not blended;
/// CMYK by <c>(255 - c)(255 - k) / 255</c>; 16-bit colour keeps its high byte; 16-bit gray is cut off at 255.
/// </summary>
internal static class PixelConversion
{
    /// <summary>Writes <paramref name="target"/>, 3 bytes a pixel, from 8-bit samples.</summary>
    /// <param name="source">The samples, <paramref name="bands"/> to a pixel.</param>
    /// <param name="bands">1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha (or CMYK).</param>
    /// <param name="cmyk">Whether four bands are cyan, magenta, yellow, black (255 = full ink).</param>
    /// <param name="target">Receives red, green, blue.</param>
    internal static void FromBytes(ReadOnlySpan<byte> source, int bands, bool cmyk, Span<byte> target)
    {
        if (bands == 3)
        {
            source.CopyTo(target);
        }
        else if (bands < 3)
        {
            for (int from = 0, to = 0; to < target.Length; from += bands, to += 3)
            {
                target[to] = target[to + 1] = target[to + 2] = source[from];
            }
        }
        else
        {
            for (int from = 0, to = 0; to < target.Length; from += bands, to += 3)
            {
                var keep = cmyk ? 255 - source[from + 3] : 0;
                target[to] = cmyk ? Ink(source[from], keep) : source[from];
                target[to + 1] = cmyk ? Ink(source[from + 1], keep) : source[from + 1];
                target[to + 2] = cmyk ? Ink(source[from + 2], keep) : source[from + 2];
            }
        }
    }

    /// <summary>Writes <paramref name="target"/>, 3 bytes a pixel, from 16-bit samples.</summary>
    /// <param name="source">The samples in machine order, as bytes.</param>
    /// <param name="bands">1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha.</param>
    /// <param name="target">Receives red, green, blue.</param>
    internal static void FromWords(ReadOnlySpan<byte> source, int bands, Span<byte> target)
    {
        var words = MemoryMarshal.Cast<byte, ushort>(source);
        for (int from = 0, to = 0; to < target.Length; from += bands, to += 3)
        {
            if (bands < 3)
            {
                target[to] = target[to + 1] = target[to + 2] = bands == 1
                    ? (byte)Math.Min((int)words[from], 255)
                    : (byte)(words[from] >> 8);
            }
            else
            {
                target[to] = (byte)(words[from] >> 8);
                target[to + 1] = (byte)(words[from + 1] >> 8);
                target[to + 2] = (byte)(words[from + 2] >> 8);
            }
        }
    }

    private static byte Ink(int ink, int keep)
    {
        var product = (ink * keep) + 128;
        return (byte)Math.Max(0, keep - (((product >> 8) + product) >> 8));
    }
}
