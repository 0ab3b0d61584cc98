namespace FlowKit.Clip.Tests;

/// <summary>What preprocessing files of other libraries mean.</summary>
public sealed class ForeignConfigTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowkit-foreign");

    public ForeignConfigTests() => File.WriteAllBytes(At("visual.onnx"), [1]);

    [Theory]
    [InlineData("""{"size": {"height": 256, "width": 256}, "resample": 2}""", 256, "squash", "bilinear")]
    [InlineData("""{"size": {"shortest_edge": 240}, "resample": 3}""", 240, "shortest", "bicubic")]
    [InlineData("""{"size": {"shortest_edge": 240}, "crop_size": {"height": 224, "width": 224}}""", 224, "shortest", "bicubic")]
    [InlineData("""{"size": [288, 288], "resize_mode": "longest", "fill_color": 7}""", 288, "longest", "bicubic")]
    [InlineData("""{"size": 192}""", 192, "shortest", "bicubic")]
    public void Size_cropping_and_filter_are_read(string json, int size, string resize, string interpolation)
    {
        File.WriteAllText(At("preprocessor_config.json"), json);

        var card = ClipModelFolder.Open(_folder.FullName).Card;

        Assert.Equal((size, resize, interpolation), (card.ImageSize, card.ResizeMode, card.Interpolation));
        Assert.Equal(json.Contains("fill_color", StringComparison.Ordinal) ? 7 : 0, card.FillColor);
    }

    [Fact]
    public void A_filter_that_is_not_known_is_an_error_when_pictures_are_prepared()
    {
        File.WriteAllText(At("preprocessor_config.json"), """{"size": 224, "resample": 1}""");

        var error = Assert.Throws<FlowKitException>(() => ClipModelFolder.Open(_folder.FullName).Card.ToImageSpec());

        Assert.Contains("Pillow's filter 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("bicubic", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("preprocessor_config.json", """{"size": 224, "resample": "bicubic"}""")]
    [InlineData("preprocessor_config.json", """{"size": []}""")]
    [InlineData("config.json", """{"model_type": 7}""")]
    [InlineData("config.json", """[]""")]
    public void A_value_of_another_kind_names_the_file(string file, string json)
    {
        File.WriteAllText(At(file), json);

        var error = Assert.Throws<FlowKitException>(() => ClipModelFolder.Open(_folder.FullName)).Error;

        Assert.Equal(FlowErrorCode.InvalidArgument, error.Code);
        Assert.Contains($"{At(file)} cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_with_a_value_of_the_wrong_kind_names_its_folder()
    {
        File.WriteAllText(At("model.json"), """{"image_size": "large"}""");

        var error = Assert.Throws<FlowKitException>(() => ClipModelFolder.Open(_folder.FullName));

        Assert.Contains(_folder.FullName, error.Message, StringComparison.Ordinal);
        Assert.Contains("image_size", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
