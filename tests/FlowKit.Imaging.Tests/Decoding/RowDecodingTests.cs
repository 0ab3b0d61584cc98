using System.IO.Compression;
using FlowKit.Tests;

namespace FlowKit.Imaging.Tests;

/// <summary>Decoding row by row gives what decoding as a whole does, and takes no more memory than rows need.</summary>
public sealed class RowDecodingTests
{
    [Fact]
    public void Every_picture_of_the_golden_set_is_the_same_in_rows()
    {
        var files = PillowPicture.All.Select(picture => (picture.Name, picture.File))
            .Concat(PillowFile.Plain.Concat(PillowFile.Turned).Select(file => (file.Name, file.File)));

        foreach (var (name, file) in files)
        {
            foreach (var orientation in Enum.GetValues<ExifOrientation>())
            {
                var options = new ImageDecodeOptions { Orientation = orientation };
                Assert.True(Whole(file, options) == InRows(file, options), name);
            }
        }
    }

    [Fact]
    public void A_picture_of_100_megapixels_never_stands_in_memory()
    {
        var share = new CountedShare(20 << 20);
        var bomb = Bomb(10_000, isInterlaced: false);
        var before = GC.GetAllocatedBytesForCurrentThread();

        using var rows = new Collector(keep: false);
        ImageDecoder.DecodeRows(bomb, rows, new ImageDecodeOptions { Budget = new PixelBudget(100_000_000, share) });

        Assert.Equal((10_000, 10_000, 10_000), (rows.Width, rows.Height, rows.Rows));
        Assert.Equal(0, share.Held);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 << 20);
    }

    [Fact]
    public void A_picture_that_has_to_be_whole_is_refused_where_there_is_no_memory()
    {
        var bomb = Bomb(1000, isInterlaced: true);
        var (small, large) = (new CountedShare(7_000_000), new CountedShare(9_000_000));

        var refused = Assert.Throws<FlowKitException>(() => ImageDecoder.DecodeRows(bomb, new Collector(keep: false), new ImageDecodeOptions { Budget = new PixelBudget(100_000_000, small) }));
        ImageDecoder.DecodeRows(bomb, new Collector(keep: false), new ImageDecodeOptions { Budget = new PixelBudget(100_000_000, large) });

        Assert.Equal(FlowErrorCode.ResourceExhausted, refused.Error.Code);
        Assert.Contains("The image needs 8000000 bytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0, 8_000_000), (small.Held, large.Held, large.Most));
    }

    [Fact]
    public void The_memory_of_an_image_goes_back_with_its_buffer_or_stays_the_requests()
    {
        var share = new CountedShare(20 << 20);
        var budget = new PixelBudget(100_000_000, share);
        var file = Bomb(1000, isInterlaced: false);

        using (ImageDecoder.Decode(file, new ImageDecodeOptions { Budget = budget }))
        {
            Assert.Equal(3_000_000, share.Held);
        }

        Assert.Equal(0, share.Held);
        using (ImageDecoder.Decode(file, new ImageDecodeOptions { Budget = budget, Pooled = false }))
        {
        }

        Assert.Equal(3_000_000, share.Held);
    }

    [Fact]
    public void All_pictures_of_a_request_have_a_limit_together()
    {
        var options = new ImageDecodeOptions { Budget = new PixelBudget(2_500_000, null) };
        var file = Bomb(1000, isInterlaced: false);
        ImageDecoder.Decode(file, options).Dispose();
        ImageDecoder.Decode(file, options).Dispose();

        var refused = Assert.Throws<FlowKitException>(() => ImageDecoder.Decode(file, options));

        Assert.Equal(FlowErrorCode.PayloadTooLarge, refused.Error.Code);
        Assert.Contains("max_request_pixels", refused.Message, StringComparison.Ordinal);
        Assert.Contains("3000000", refused.Message, StringComparison.Ordinal);
        ImageDecoder.Decode(Bomb(500, isInterlaced: false), options).Dispose();
    }

    [Fact]
    public async Task A_picture_waits_for_the_memory_of_another()
    {
        var share = new CountedShare(4_000_000);
        var budget = new PixelBudget(100_000_000, share);
        var file = Bomb(1000, isInterlaced: false);
        var first = ImageDecoder.Decode(file, new ImageDecodeOptions { Budget = budget });

        var second = Task.Run(() => ImageDecoder.Decode(file, new ImageDecodeOptions { Budget = budget }).Dispose());
        await Task.Delay(100);
        Assert.False(second.IsCompleted);
        first.Dispose();
        await second;

        Assert.Equal(0, share.Held);
    }

    private static string Whole(byte[] file, ImageDecodeOptions options)
    {
        try
        {
            using var image = ImageDecoder.Decode(file, options);
            return $"{image.Width}×{image.Height} {Convert.ToHexString(image.Pixels.Span)}";
        }
        catch (FlowKitException exception)
        {
            return exception.Message;
        }
    }

    private static string InRows(byte[] file, ImageDecodeOptions options)
    {
        try
        {
            using var rows = new Collector(keep: true);
            ImageDecoder.DecodeRows(file, rows, options);
            return $"{rows.Width}×{rows.Height} {Convert.ToHexString(rows.Pixels)}";
        }
        catch (FlowKitException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>A picture of one bit a pixel, all of them 0.</summary>
    private static byte[] Bomb(int side, bool isInterlaced)
    {
        var rows = isInterlaced
            ? PassesOf(side).Sum(pass => pass.Height * (1 + ((pass.Width + 7) / 8)))
            : side * (1 + ((side + 7) / 8));
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(new byte[rows]);
        }

        byte[] size = [(byte)(side >> 24), (byte)(side >> 16), (byte)(side >> 8), (byte)side];
        return
        [
            0x89, .. "PNG\r\n\x1a\n"u8,
            .. PngChunk.Of("IHDR"u8, [.. size, .. size, 1, 0, 0, 0, isInterlaced ? (byte)1 : (byte)0]),
            .. PngChunk.Of("IDAT"u8, packed.ToArray()),
            .. PngChunk.Of("IEND"u8, []),
        ];
    }

    private static IEnumerable<(int Width, int Height)> PassesOf(int side) =>
        new[] { (0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2) }
            .Select(pass => ((side - pass.Item1 + pass.Item2 - 1) / pass.Item2, (side - pass.Item3 + pass.Item4 - 1) / pass.Item4));

    /// <summary>Counts the rows, and may keep them.</summary>
    private sealed class Collector(bool keep) : IPixelReceiver, IDisposable
    {
        public int Width { get; private set; }

        public int Height { get; private set; }

        public int Rows { get; private set; }

        public byte[] Pixels { get; private set; } = [];

        public void Begin(int width, int height)
        {
            (Width, Height) = (width, height);
            Pixels = keep ? new byte[width * height * 3] : [];
        }

        public void Add(int row, int count, ReadOnlySpan<byte> pixels)
        {
            Assert.Equal(Rows, row);
            Rows += count;
            if (keep)
            {
                pixels[..(count * Width * 3)].CopyTo(Pixels.AsSpan(row * Width * 3));
            }
        }

        public void Dispose()
        {
        }
    }
}
