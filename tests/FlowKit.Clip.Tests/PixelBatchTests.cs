using FlowKit.Clip.Onnx;
using FlowKit.Imaging;

namespace FlowKit.Clip.Tests;

/// <summary>Pictures in the memory of graphs that take floats, halves or bytes.</summary>
public sealed class PixelBatchTests : IDisposable
{
    // With these a normalised value is the byte itself, so that graphs of floats and of bytes compute the same.
    private const string Unscaled = """{"mean": [0, 0, 0], "std": [0.00392156862745098, 0.00392156862745098, 0.00392156862745098]}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-pixels");

    [Fact]
    public void Bytes_with_the_channels_first_are_planes()
    {
        ModelLayouts.Image().Save(At("floats", "visual.onnx"));
        ModelLayouts.Image().Taking(OnnxTypes.UInt8).Save(At("bytes", "visual.onnx"));
        File.WriteAllText(At("floats", "model.json"), Unscaled);
        File.WriteAllText(At("bytes", "model.json"), Unscaled);
        using var image = Noise();
        using var floats = ClipModel.Open(At("floats"));
        using var bytes = ClipModel.Open(At("bytes"));

        AssertNear(floats.EncodeImages([image])[0], bytes.EncodeImages([image])[0]);
    }

    [Fact]
    public void A_graph_of_bytes_refuses_pixels_that_are_normalised()
    {
        ModelLayouts.Image().Taking(OnnxTypes.UInt8).Save(At("visual.onnx"));
        using var model = ClipModel.Open(_folder.FullName);
        using var batch = model.RentPixels(1);

        var error = Assert.Throws<FlowKitException>(() => batch.WriteTensor(0, new float[model.Preprocessor.TensorLength])).Error;

        Assert.Equal(FlowErrorCode.InvalidArgument, error.Code);
        Assert.Contains("takes bytes and normalises them itself", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tensor_in_its_place_is_the_picture_it_was_made_of(bool half)
    {
        var graph = half ? ModelLayouts.Image().Taking(OnnxTypes.Half) : ModelLayouts.Image();
        graph.Save(At("visual.onnx"));
        using var model = ClipModel.Open(_folder.FullName);
        using var image = Noise();
        using var other = RgbImage.Filled(50, 50, 255, 0, 0);
        var tensor = new float[model.Preprocessor.TensorLength];
        model.Preprocessor.Write(image, tensor);
        using var batch = model.RentPixels(2);

        batch.Write(0, other);
        batch.WriteTensor(1, tensor);
        var both = model.EncodePixels(batch, 2);
        batch.Move(1, 0);
        var moved = model.EncodePixels(batch, 1);

        AssertNear(model.EncodeImages([image])[0], both[1]);
        AssertNear(model.EncodeImages([other])[0], both[0]);
        AssertNear(both[1], moved[0]);
    }

    [Fact]
    public void A_batch_says_what_does_not_fit_into_it()
    {
        using var model = ClipModel.Open("tiny-clip");
        var batch = model.RentPixels(1);
        using var image = Noise();

        Assert.Contains("has 150528 floats, but 3 were given", Assert.Throws<FlowKitException>(() => batch.WriteTensor(0, new float[3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Write(1, image));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Write(-1, image));
        batch.Dispose();
        batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => batch.Write(0, image));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static RgbImage Noise()
    {
        var pixels = new byte[64 * 48 * 3];
        new Random(5).NextBytes(pixels);
        return new RgbImage(64, 48, pixels);
    }

    private static void AssertNear(float[] expected, float[] actual) => Assert.InRange(ClipScoring.Cosine(expected, actual), 0.9999f, 1.0001f);

    private string At(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);
}
