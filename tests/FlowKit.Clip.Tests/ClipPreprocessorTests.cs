using FlowKit.Clip.Preprocessing;
using FlowKit.Imaging;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

public sealed class ClipPreprocessorTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5000)]
    [InlineData(5000, 1)]
    [InlineData(224, 224)]
    [InlineData(225, 224)]
    [InlineData(3, 100_000)]
    public void A_picture_of_any_shape_gives_a_full_tensor(int width, int height)
    {
        var preprocessor = new ClipPreprocessor(ClipImageSpec.OpenAi);
        var tensor = new float[preprocessor.TensorLength];
        preprocessor.Write(RgbImage.Filled(width, height, 255, 0, 128), tensor);
        Assert.All(tensor[..50_176], static value => Assert.Equal((1f - 0.48145466f) / 0.26862954f, value));
        Assert.All(tensor[50_176..100_352], static value => Assert.Equal((0f - 0.4578275f) / 0.26130258f, value));
        Assert.All(tensor[100_352..], static value => Assert.Equal(((128 / 255f) - 0.40821073f) / 0.27577711f, value));
    }

    [Theory]
    [InlineData(524, 316, 371, 74)]
    [InlineData(316, 524, 371, 74)]
    [InlineData(523, 316, 370, 73)]
    public void The_longer_side_is_cut_off_and_the_margin_rounded_half_to_even(int width, int height, long resized, long margin)
    {
        var (columns, rows) = CropWindows.Of(width, height, 224, ResizeMode.Shortest);
        var longer = width > height ? columns : rows;
        var shorter = width > height ? rows : columns;
        Assert.Equal((resized, margin, 224), (longer.Output, longer.Start, longer.Count));
        Assert.Equal((224L, 0L, 224), (shorter.Output, shorter.Start, shorter.Count));
    }

    [Fact]
    public void Squashing_takes_the_whole_picture()
    {
        using var image = RgbImage.Rent(400, 100);
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels.Span[i] = (byte)(i / 3 % 400 < 100 ? 255 : 0);
        }

        var squash = new ClipPreprocessor(ClipImageSpec.OpenAi with { Size = 32, Resize = ResizeMode.Squash });
        var crop = new ClipPreprocessor(ClipImageSpec.OpenAi with { Size = 32 });
        var (squashed, cropped) = (new byte[squash.TensorLength], new byte[crop.TensorLength]);
        squash.WriteBytes(image, squashed);
        crop.WriteBytes(image, cropped);
        Assert.Equal(255, squashed[0]);
        Assert.Equal(0, cropped[0]);
    }

    [Fact]
    public void A_size_or_scale_that_makes_no_sense_is_an_error()
    {
        Assert.Throws<FlowKitException>(() => new ClipPreprocessor(ClipImageSpec.OpenAi with { Size = 0 }));
        Assert.Throws<FlowKitException>(() => new ClipPreprocessor(ClipImageSpec.OpenAi with { Mean = [0f] }));
        Assert.Throws<FlowKitException>(() => new ClipPreprocessor(ClipImageSpec.OpenAi with { Std = [1f, 0f, 1f] }));
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void Fast_preprocessing_of_a_large_photo_stays_close_to_exact()
    {
        using var model = PrototypeModel.Open();
        foreach (var photo in Directory.GetFiles(SharedData.At("data", "photos"), "*.jpg").Order(StringComparer.Ordinal).Take(8))
        {
            var file = Enlarged(photo, 4);
            Assert.True(ImageDecoder.ReadHeader(file.Span).Width > 1000);
            var exact = model.EncodeImages([file])[0];
            var fast = model.EncodeImages([file], PreprocessingMode.Fast)[0];
            Assert.True(ClipScoring.Cosine(exact, fast) >= 0.999f, $"{photo}: {ClipScoring.Cosine(exact, fast)}");
        }
    }

    private static ReadOnlyMemory<byte> Enlarged(string photo, int times)
    {
        using var small = ImageDecoder.Decode(File.ReadAllBytes(photo));
        using var large = RgbImage.Rent(small.Width * times, small.Height * times);
        PillowResampler.Resize(small, new PixelWindow(small.Width, large.Width, 0, large.Width), new PixelWindow(small.Height, large.Height, 0, large.Height), ResampleFilter.Bicubic, large.Pixels.Span);
        return ImageEncoder.EncodeJpeg(large, 90);
    }
}
