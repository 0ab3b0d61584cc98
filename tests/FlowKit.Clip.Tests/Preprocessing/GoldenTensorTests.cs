using System.Runtime.InteropServices;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

public sealed class GoldenTensorTests
{
    private static readonly ClipPreprocessor Preprocessor = new(ClipImageSpec.OpenAi);

    [SharedDataTheory]
    [InlineData("123_456", "f32")]
    [InlineData("321_421", "f32")]
    [InlineData("416_264", "f32")]
    [InlineData("456_123", "f32")]
    [InlineData("524_316", "f32")]
    [InlineData("franz-kafka", "npy")]
    public void A_golden_picture_gives_the_reference_tensor_to_the_last_bit(string name, string kind)
    {
        var tensor = new float[Preprocessor.TensorLength];
        Preprocessor.Write(SharedData.Bytes("data", "clip", "golden", name + ".jpg"), tensor);

        // An .npy file is a header followed by the same raw floats.
        var file = SharedData.Bytes("data", "clip", "golden", $"{name}.{kind}");
        var expected = MemoryMarshal.Cast<byte, float>(file.AsSpan(file.Length - (tensor.Length * 4)));
        Assert.Equal(0f, MaxDifference(expected, tensor));
    }

    [SharedDataFact]
    public void Every_photo_decodes_and_gives_a_finite_tensor()
    {
        var photos = Directory.GetFiles(SharedData.At("data", "photos"), "*.jpg");
        Assert.Equal(200, photos.Length);
        Parallel.ForEach(photos, photo =>
        {
            var tensor = new float[Preprocessor.TensorLength];
            Preprocessor.Write(File.ReadAllBytes(photo), tensor);
            Assert.All(tensor, static value => Assert.InRange(value, -1.8f, 2.2f));
        });
    }

    private static float MaxDifference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var most = 0f;
        for (var i = 0; i < expected.Length; i++)
        {
            most = Math.Max(most, Math.Abs(expected[i] - actual[i]));
        }

        return most;
    }
}
