using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FlowKit.Tests;

namespace FlowKit.Imaging.Tests;

public sealed class BadImageTests
{
    private static readonly byte[] PngStart = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    [Fact]
    public void No_bytes_are_an_error() => AssertRefused([], "no bytes");

    [Theory]
    [InlineData("hello, I am holiday.jpg")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("%PDF-1.7")]
    [InlineData("P7\nWIDTH 1\nHEIGHT 1\nENDHDR\nabc")]
    public void Text_and_formats_that_are_off_are_not_an_image(string text) =>
        AssertRefused(System.Text.Encoding.UTF8.GetBytes(text), "not an image in a known format (JPEG, PNG, WebP, GIF, TIFF, BMP, PNM, TGA)");

    [Fact]
    public void A_truncated_jpeg_is_an_error_that_names_it()
    {
        var whole = Photo();
        AssertRefused(whole[..(whole.Length / 2)], "The JPEG data ends early");
        AssertRefused(whole[..20], "The JPEG data ends early");
        AssertRefused(whole[..3], "The JPEG data ends early");
    }

    [Theory]
    [InlineData("png rgb", "PNG")]
    [InlineData("gif", "GIF")]
    [InlineData("webp lossless", "WebP")]
    [InlineData("tiff rgb", "TIFF")]
    [InlineData("tiff cmyk", "TIFF")]
    public void A_truncated_file_of_another_format_is_an_error_that_names_it(string name, string format)
    {
        var whole = PillowFile.Named(name);
        AssertRefused(whole[..(whole.Length / 2)], $"The {format} data ends early");
    }

    [Fact]
    public void A_damaged_png_is_an_error()
    {
        var data = PillowFile.Named("png rgb").ToArray();
        data[50] ^= 0xFF;
        AssertRefused(data, "The PNG data is damaged");
    }

    [Fact]
    public void A_truncated_tiff_is_an_error() => AssertRefused(PillowFile.Named("tiff rgb")[..60], "The TIFF data is damaged");

    [Fact]
    public void A_huge_picture_is_refused_from_its_header_alone()
    {
        var before = Environment.WorkingSet;
        AssertRefused(PngHeader(60_000, 60_000), "60000×60000 pixels; at most 100000000");
        Assert.True(Environment.WorkingSet - before < 200_000_000);
    }

    [Fact]
    public void The_limit_of_pixels_can_be_set()
    {
        var error = Assert.Throws<FlowKitException>(() => ImageDecoder.Decode(PillowFile.Named("png rgb"), new ImageDecodeOptions { MaxPixels = 100 }));
        Assert.Contains("12×9 pixels; at most 100", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iCCP")]
    [InlineData("zTXt")]
    [InlineData("IDAT")]
    public void What_inflates_beside_or_behind_the_pixels_of_a_png_is_not_made_room_for(string type)
    {
        var bomb = Zlib(300 << 20);
        var name = Encoding.ASCII.GetBytes(type);
        byte[] data = type == "IDAT" ? bomb : [(byte)'x', 0, 0, .. bomb];
        byte[] header = [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0];
        byte[] pixels = type == "IDAT" ? [] : PngChunk.Of("IDAT"u8, Zlib(4));
        byte[] png = [.. PngStart, .. PngChunk.Of("IHDR"u8, header), .. PngChunk.Of(name, data), .. pixels, .. PngChunk.Of("IEND"u8, [])];
        var before = GC.GetAllocatedBytesForCurrentThread();

        try
        {
            using var image = ImageDecoder.Decode(png);
            Assert.Equal((1, 1), (image.Width, image.Height));
        }
        catch (FlowKitException exception)
        {
            Assert.Equal(FlowErrorCode.InvalidArgument, exception.Error.Code);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Of_ten_thousand_frames_only_the_first_is_decoded()
    {
        byte[] start = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 255, 0];
        byte[] red = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0];
        byte[] green = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4C, 0x01, 0];
        byte[] gif = [.. start, .. red, .. Enumerable.Repeat(green, 10_000).SelectMany(frame => frame), 0x3B];

        using var image = ImageDecoder.Decode(gif);

        Assert.Equal((1, 1), (image.Width, image.Height));
        Assert.Equal([255, 0, 0], image.Pixels.ToArray());
    }

    private static byte[] Zlib(int zeros)
    {
        var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            var block = new byte[1 << 20];
            for (var left = zeros; left > 0; left -= block.Length)
            {
                zlib.Write(block, 0, Math.Min(left, block.Length));
            }
        }

        return output.ToArray();
    }

    private static byte[] Photo()
    {
        using var image = RgbImage.Filled(300, 200, 10, 20, 30);
        new Random(3).NextBytes(image.Pixels.Span);
        return ImageEncoder.EncodeJpeg(image);
    }

    private static byte[] PngHeader(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [.. PngStart, .. PngChunk.Of("IHDR"u8, header), .. PngChunk.Of("IDAT"u8, [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]), .. PngChunk.Of("IEND"u8, [])];
    }

    private static void AssertRefused(byte[] data, string message)
    {
        var error = Assert.Throws<FlowKitException>(() => ImageDecoder.Decode(data));
        Assert.Equal(FlowErrorCode.InvalidArgument, error.Error.Code);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
