using FlowKit.Imaging;
using FlowKit.Tests;

namespace FlowKit.Clip.Tests;

public sealed class ClipModelTests
{
    [SharedDataFact(PrototypeModel.Needs)]
    public void Reference_pixels_give_the_reference_embeddings()
    {
        using var model = PrototypeModel.Open();
        AssertClose(PrototypeModel.Floats("ref_img.bin"), model.EncodePixels(PrototypeModel.Floats("ref_px.bin"), PrototypeModel.References));
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void Reference_texts_give_the_reference_embeddings()
    {
        using var model = PrototypeModel.Open();
        AssertClose(PrototypeModel.Floats("ref_txt.bin"), model.EncodeTexts(["a red apple", "something to drink", "two small blue stars above a red square", "happy face", "x"]));
    }

    [SharedDataTheory(PrototypeModel.Needs)]
    [InlineData(7)]
    [InlineData(32)]
    public void The_batch_size_does_not_change_an_embedding(int batch)
    {
        using var one = PrototypeModel.Open(new ClipModelOptions { MaxBatch = 1 });
        using var many = PrototypeModel.Open(new ClipModelOptions { MaxBatch = batch });
        var images = SharedPhotos(40);
        AssertSame(one.EncodeImages(images), many.EncodeImages(images));
        var texts = Enumerable.Range(1, 40).Select(static i => string.Join(' ', Enumerable.Repeat("red", i * 7 % 11 + 1)) + $" apple {i}").ToArray();
        AssertSame(one.EncodeTexts(texts), many.EncodeTexts(texts));
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public async Task Many_callers_at_once_get_the_same_answers()
    {
        using var model = PrototypeModel.Open();
        var images = SharedPhotos(8);
        var expected = model.EncodeImages(images);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => model.EncodeImages(images))));
        Assert.All(answers, answer => AssertSame(expected, answer));
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void A_picture_file_and_its_decoded_pixels_give_the_same_embedding()
    {
        using var model = PrototypeModel.Open();
        var file = SharedData.Bytes("data", "images", "cat.jpg");
        using var image = ImageDecoder.Decode(file);
        Assert.Equal(model.EncodeImages([image])[0], model.EncodeImages([file.AsMemory()])[0]);
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void Nothing_in_gives_nothing_out()
    {
        using var model = PrototypeModel.Open();
        Assert.Empty(model.EncodeTexts([]));
        Assert.Empty(model.EncodePixels(Memory<float>.Empty, 0));
        Assert.Empty(model.EncodeImages(Array.Empty<RgbImage>()));
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void A_cancelled_call_stops()
    {
        using var model = PrototypeModel.Open();
        Assert.ThrowsAny<OperationCanceledException>(() => model.EncodeTexts(["a"], new CancellationToken(canceled: true)));
    }

    [SharedDataTheory(PrototypeModel.Needs)]
    [InlineData("tpu", FlowErrorCode.InvalidArgument)]
    [InlineData("cuda:x", FlowErrorCode.InvalidArgument)]
    public void An_unknown_device_is_an_error(string device, FlowErrorCode code)
    {
        var error = Assert.Throws<FlowKitException>(() => PrototypeModel.Open(new ClipModelOptions { Device = device }));
        Assert.Equal(code, error.Error.Code);
        Assert.Contains(device, error.Message, StringComparison.Ordinal);
    }

    [SharedDataFact(PrototypeModel.Needs)]
    public void A_device_that_is_not_there_is_an_error_unless_the_cpu_may_stand_in()
    {
        using var model = PrototypeModel.Open(new ClipModelOptions { Device = "cuda:7", FallbackToCpu = true });
        Assert.Equal("cpu", model.Device);
        var error = Assert.Throws<FlowKitException>(() => PrototypeModel.Open(new ClipModelOptions { Device = "cuda:7" }));
        Assert.Equal(FlowErrorCode.FailedPrecondition, error.Error.Code);
        Assert.Contains("cuda:7", error.Message, StringComparison.Ordinal);
    }

    private static RgbImage[] SharedPhotos(int count) =>
        [.. Directory.GetFiles(SharedData.At("data", "photos")).Order(StringComparer.Ordinal).Take(count).Select(static photo => ImageDecoder.Decode(File.ReadAllBytes(photo)))];

    private static void AssertClose(float[] expected, float[][] actual)
    {
        var flat = actual.SelectMany(static embedding => embedding).ToArray();
        Assert.Equal(PrototypeModel.References * PrototypeModel.Dimension, flat.Length);
        Assert.True(expected.Zip(flat, static (a, b) => Math.Abs(a - b)).Max() < 1e-4f);
    }

    private static void AssertSame(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(1 - ClipScoring.Cosine(expected[i], actual[i]) < 1e-5f);
        }
    }
}
