using FlowKit.Imaging;
using FlowKit.Imaging.Decoding;

namespace FlowKit.Conformance.Images;

/// <summary>Holds for every file format that is decoded.</summary>
[ConformanceSuite(typeof(FormatDecoder))]
public abstract class ImageDecoderSuite
{
    /// <summary>What a refusal may allocate: an exception and its text, and no pixels.</summary>
    private const long RefusalBytes = 100_000;

    /// <summary>As many bytes as any format is recognised by.</summary>
    private const int Recognisable = 16;

    /// <summary>More than a format's end mark.</summary>
    private const int Cut = 20;

    /// <summary>The format.</summary>
    protected abstract ImageFormat Format { get; }

    /// <summary>Files of all formats with the pixels that they have.</summary>
    protected abstract IReadOnlyList<GoldenImage> Golden { get; }

    /// <summary>The largest side that the format's header can name.</summary>
    protected virtual int LargestSide => 60_000;

    /// <summary>Tells whether the header can be read of a file whose last bytes are missing.</summary>
    protected virtual bool ReadsHeaderOfCutFile => true;

    private IReadOnlyList<GoldenImage> Files => [.. Golden.Where(golden => Decoder.Recognises(golden.File))];

    private FormatDecoder Decoder => FormatDecoders.All.Single(decoder => decoder.Format == Format);

    /// <summary>Returns a copy of a file whose header names another size; its pixels stay as they are.</summary>
    /// <param name="file">A file of the format.</param>
    /// <param name="side">The width and the height.</param>
    protected abstract byte[] Claim(byte[] file, int side);

    [Fact]
    public void Its_files_are_recognised_by_it_alone()
    {
        Assert.NotEmpty(Files);
        Assert.All(Files, file => Assert.Equal([Format], FormatDecoders.All.Where(decoder => decoder.Recognises(file.File)).Select(decoder => decoder.Format)));
    }

    [Fact]
    public void Its_pixels_are_those_of_the_reference_to_the_last_bit() => Assert.All(Files, AssertGolden);

    [Fact]
    public void Its_header_tells_format_and_size() => Assert.All(Files, file =>
    {
        var header = ImageDecoder.ReadHeader(file.File);
        Assert.Equal((Format, file.Width, file.Height), (header.Format, header.Width, header.Height));
    });

    [Fact]
    public void Its_header_is_read_without_its_pixels()
    {
        if (ReadsHeaderOfCutFile)
        {
            Assert.All(Files, file => Assert.Equal(file.Width, ImageDecoder.ReadHeader(file.File.AsSpan(0, file.File.Length - Cut)).Width));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var header = ImageDecoder.ReadHeader(Claim(Files[0].File, LargestSide));
        Assert.Equal((LargestSide, LargestSide), (header.Width, header.Height));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, RefusalBytes);
    }

    [Fact]
    public void A_file_that_is_cut_off_anywhere_is_an_error_that_names_the_format()
    {
        var wrong = new List<string>();
        foreach (var file in Files)
        {
            for (var length = Recognisable; length < file.File.Length; length++)
            {
                var refusal = Refusal(file.File[..length]);
                Assert.Matches($"^The {Decoder.Name} data (ends early|is damaged)\\.$", refusal ?? $"The {Decoder.Name} data ends early.");

                // What is missing may be no part of the picture; what is part of it must be missed.
                if (refusal is null && !IsGolden(file, file.File[..length]))
                {
                    wrong.Add($"{file.Name}: other pixels of the first {length} of {file.File.Length} bytes");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.NotNull(Refusal(Files[0].File[..(Files[0].File.Length / 2)]));
    }

    [Fact]
    public void A_picture_beyond_the_limit_is_refused_from_its_header_before_a_pixel_is_given_room()
    {
        var bomb = Claim(Files[0].File, LargestSide);
        _ = Refusal(bomb);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Refusal(bomb);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, RefusalBytes);
        Assert.Contains($"{LargestSide}×{LargestSide} pixels; at most 100000000", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_of_pixels_can_be_set()
    {
        var file = Files[0];
        var pixels = file.Width * file.Height;

        Assert.Contains($"{file.Width}×{file.Height} pixels; at most {pixels - 1}", Refusal(file.File, pixels - 1), StringComparison.Ordinal);
        Assert.Null(Refusal(file.File, pixels));
    }

    [Fact]
    public void Random_damage_never_does_worse_than_an_error()
    {
        var random = new Random(11);
        foreach (var file in Files)
        {
            for (var i = 0; i < 40; i++)
            {
                var data = file.File.ToArray();
                data[random.Next(data.Length)] = (byte)random.Next(256);
                Refusal(data, 1_000_000);
                Refusal(data[..random.Next(data.Length)], 1_000_000);
            }
        }
    }

    [Fact]
    public async Task Many_threads_decode_the_same_pixels() => await Parallel.ForAsync(0, 100, (i, _) =>
    {
        AssertGolden(Files[i % Files.Count]);
        return ValueTask.CompletedTask;
    });

    /// <summary>Decodes, and returns the message of the error, which is the caller's; <see langword="null"/> when there is none.</summary>
    private static string? Refusal(byte[] data, long maxPixels = 100_000_000)
    {
        try
        {
            ImageDecoder.Decode(data, new ImageDecodeOptions { MaxPixels = maxPixels }).Dispose();
            return null;
        }
        catch (FlowKitException exception)
        {
            Assert.Equal(FlowErrorCode.InvalidArgument, exception.Error.Code);
            return exception.Message;
        }
    }

    private static void AssertGolden(GoldenImage golden) => Assert.True(IsGolden(golden, golden.File), $"{golden.Name}: another picture");

    private static bool IsGolden(GoldenImage golden, byte[] file)
    {
        using var image = ImageDecoder.Decode(file);
        return (golden.Width, golden.Height) == (image.Width, image.Height) && golden.Rgb.AsSpan().SequenceEqual(image.Pixels.Span);
    }
}
