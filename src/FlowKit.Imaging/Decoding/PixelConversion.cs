using System.Runtime.InteropServices;

namespace FlowKit.Imaging.Decoding;

/// <summary>
/// Turns what a file holds into RGB by the rules of Pillow's <c>convert("RGB")</c>: gray is repeated; alpha is dropped, not blended, and
/// divided out where colours are multiplied by it; CMYK by <c>(255 - c)(255 - k) / 255</c>; 16-bit colour keeps its high byte; gray of
/// 16 bits and more is cut off at 0 and 255.
/// </summary>
internal static class PixelConversion
{
    /// <summary>Writes <paramref name="target"/>, 3 bytes a pixel.</summary>
    /// <param name="source">The samples in machine order.</param>
    /// <param name="kind">Their kind, which is supported.</param>
    /// <param name="target">Receives red, green, blue.</param>
    internal static void ToRgb(ReadOnlySpan<byte> source, PixelKind kind, Span<byte> target)
    {
        switch (kind.Sample)
        {
            case SampleType.Byte:
                FromBytes(source, kind, target);
                break;
            case SampleType.UInt16:
                FromWords(MemoryMarshal.Cast<byte, ushort>(source), kind, target);
                break;
            case SampleType.Int16:
                FromGray(MemoryMarshal.Cast<byte, short>(source), target);
                break;
            case SampleType.UInt32 or SampleType.Int32:
                // Pillow reads an unsigned number as a signed one.
                FromGray(MemoryMarshal.Cast<byte, int>(source), target);
                break;
            default:
                FromGray(MemoryMarshal.Cast<byte, float>(source), target);
                break;
        }
    }

    private static void FromBytes(ReadOnlySpan<byte> source, PixelKind kind, Span<byte> target)
    {
        switch (kind)
        {
            case { Bands: < 3 }:
                for (int from = 0, to = 0; to < target.Length; from += kind.Bands, to += 3)
                {
                    target[to] = target[to + 1] = target[to + 2] = source[from];
                }

                break;
            case { IsCmyk: true }:
                for (int from = 0, to = 0; to < target.Length; from += kind.Bands, to += 3)
                {
                    var keep = 255 - source[from + 3];
                    target[to] = Ink(source[from], keep);
                    target[to + 1] = Ink(source[from + 1], keep);
                    target[to + 2] = Ink(source[from + 2], keep);
                }

                break;
            case { IsAssociated: true }:
                for (int from = 0, to = 0; to < target.Length; from += kind.Bands, to += 3)
                {
                    source.Slice(from, 3).CopyTo(target[to..]);
                    Divide(target.Slice(to, 3), source[from + 3]);
                }

                break;
            default:
                for (int from = 0, to = 0; to < target.Length; from += kind.Bands, to += 3)
                {
                    target[to] = source[from];
                    target[to + 1] = source[from + 1];
                    target[to + 2] = source[from + 2];
                }

                break;
        }
    }

    private static void FromWords(ReadOnlySpan<ushort> source, PixelKind kind, Span<byte> target)
    {
        for (int from = 0, to = 0; to < target.Length; from += kind.Bands, to += 3)
        {
            if (kind.Bands < 3)
            {
                target[to] = target[to + 1] = target[to + 2] = kind.IsWideGray
                    ? (byte)Math.Min(source[from], (ushort)byte.MaxValue)
                    : High(source[from]);
            }
            else
            {
                target[to] = High(source[from]);
                target[to + 1] = High(source[from + 1]);
                target[to + 2] = High(source[from + 2]);
                Divide(target.Slice(to, 3), kind.IsAssociated ? High(source[from + 3]) : byte.MaxValue);
            }
        }
    }

    private static void FromGray(ReadOnlySpan<short> source, Span<byte> target)
    {
        for (var i = 0; i < source.Length; i++)
        {
            target.Slice(i * 3, 3).Fill((byte)Math.Clamp((int)source[i], 0, 255));
        }
    }

    private static void FromGray(ReadOnlySpan<int> source, Span<byte> target)
    {
        for (var i = 0; i < source.Length; i++)
        {
            target.Slice(i * 3, 3).Fill((byte)Math.Clamp(source[i], 0, 255));
        }
    }

    private static void FromGray(ReadOnlySpan<float> source, Span<byte> target)
    {
        for (var i = 0; i < source.Length; i++)
        {
            // What is no number is black.
            target.Slice(i * 3, 3).Fill(source[i] > 0 ? (byte)Math.Min(source[i], 255) : (byte)0);
        }
    }

    /// <summary>Divides lights by the alpha that they are multiplied by; 255 leaves them.</summary>
    private static void Divide(Span<byte> lights, byte alpha)
    {
        if (alpha == byte.MaxValue)
        {
            return;
        }

        foreach (ref var light in lights)
        {
            light = alpha == 0 ? (byte)0 : (byte)Math.Min(light * 255 / alpha, 255);
        }
    }

    private static byte High(ushort word) => (byte)(word >> 8);

    private static byte Ink(int ink, int keep)
    {
        var product = (ink * keep) + 128;
        return (byte)Math.Max(0, keep - (((product >> 8) + product) >> 8));
    }
}
