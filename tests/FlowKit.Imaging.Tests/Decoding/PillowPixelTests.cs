namespace FlowKit.Imaging.Tests;

public sealed class PillowPixelTests
{
    public static TheoryData<string> Names => [.. PillowFile.Plain.Select(static file => file.Name)];

    public static TheoryData<string> Orientations => [.. PillowFile.Turned.Select(static file => file.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_of_any_kind_of_pixel_decodes_to_pillows_rgb(string name)
    {
        var file = PillowFile.Plain.Single(file => file.Name == name);
        using var image = ImageDecoder.Decode(file.File);
        AssertSame(file, image);
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void An_orientation_is_applied_only_when_asked_for(string name)
    {
        var file = PillowFile.Turned.Single(file => file.Name == name);
        using var upright = ImageDecoder.Decode(file.File, new ImageDecodeOptions { Orientation = ExifOrientation.Apply });
        AssertSame(file, upright);
        using var stored = ImageDecoder.Decode(file.File);
        Assert.Equal((12, 9), (stored.Width, stored.Height));
        Assert.Equal(name[^1] - '0', ImageDecoder.ReadHeader(file.File).Orientation);
    }

    [Fact]
    public async Task Many_threads_decode_the_same_pixels()
    {
        var files = PillowFile.Plain.ToArray();
        await Parallel.ForAsync(0, 400, (i, _) =>
        {
            using var image = ImageDecoder.Decode(files[i % files.Length].File);
            AssertSame(files[i % files.Length], image);
            return ValueTask.CompletedTask;
        });
    }

    private static void AssertSame(PillowFile file, RgbImage image)
    {
        Assert.Equal((file.Width, file.Height), (image.Width, image.Height));
        Assert.Equal(file.Rgb, image.Pixels.ToArray());
    }
}
