using System.Buffers.Binary;
using System.IO.Compression;
using FlowKit.Imaging;
using FlowKit.Tests;

namespace FlowKit.Executors.Tests;

/// <summary>Pictures of the example flow, and hand-made ones.</summary>
internal static class Picture
{
    private static readonly byte[] s_pngStart = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public static byte[] Named(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "pictures", $"{name}.jpg"));

    public static NdArray Pixels(byte[] file)
    {
        var image = ImageDecoder.Decode(file, new ImageDecodeOptions { Pooled = false });
        return NdArray.Wrap(image.Pixels, image.Height, image.Width, 3);
    }

    public static NdArray Noise(int height, int width, int seed = 1)
    {
        var pixels = new byte[height * width * 3];
        new Random(seed).NextBytes(pixels);
        return NdArray.Wrap(pixels, height, width, 3);
    }

    /// <summary>A PNG of 16 bits a channel, which Pillow's own writer does not make.</summary>
    public static byte[] Png16(int width, int height)
    {
        var rows = new byte[height * (1 + (width * 6))];
        new Random(2).NextBytes(rows);
        for (var row = 0; row < height; row++)
        {
            rows[row * (1 + (width * 6))] = 0;
        }

        return Png(width, height, 16, rows);
    }

    /// <summary>A PNG whose header promises far more than it holds.</summary>
    public static byte[] PngHeader(int width, int height) => Png(width, height, 8, [0]);

    private static byte[] Png(int width, int height, byte bits, byte[] rows)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, 2);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        return [.. s_pngStart, .. PngChunk.Of("IHDR"u8, header), .. PngChunk.Of("IDAT"u8, packed.ToArray()), .. PngChunk.Of("IEND"u8, [])];
    }
}
