using FlowKit.Clip.Onnx;
using Google.Protobuf;

namespace FlowKit.Clip.Tests;

/// <summary>The head of an ONNX file, whatever else stands in it.</summary>
public sealed class OnnxHeaderTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"flowkit-{Guid.NewGuid():N}.onnx");

    [Fact]
    public void Fields_of_every_kind_that_nobody_knows_are_jumped_over()
    {
        // Field 100: a varint, 8 bytes, text, 4 bytes.
        byte[] unknown = [0xA0, 0x06, 0xFF, 0x7F, 0xA1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0xA2, 0x06, 2, 65, 66, 0xA5, 0x06, 1, 2, 3, 4];
        File.WriteAllBytes(_path, [.. unknown, .. Model(), .. unknown]);

        var header = OnnxHeader.Read(_path);

        Assert.Equal(["pixels"], header.Inputs.Select(static input => input.Name));
        Assert.True(header.TakesPixels);
        Assert.False(header.TakesIds);
    }

    [Fact]
    public void A_weight_among_the_inputs_is_none()
    {
        var graph = new GraphProto { Input = { new ValueProto { Name = "pixels" }, new ValueProto { Name = "weight" } }, Initializer = { new TensorProto { Name = "weight", ExternalData = { new EntryProto { Key = "location", Value = "weights.bin" }, new EntryProto { Key = "offset", Value = "0" } } } } };
        File.WriteAllBytes(_path, new ModelProto { Graph = graph }.ToByteArray());

        var header = OnnxHeader.Read(_path);

        Assert.Equal(["pixels"], header.Inputs.Select(static input => input.Name));
        Assert.Equal(["weights.bin"], header.ExternalFiles);
    }

    [Theory]
    [InlineData(new byte[] { 0x3A, 0x05, 1 }, "it is cut off")]
    [InlineData(new byte[] { 0x80 }, "it is cut off")]
    [InlineData(new byte[] { 0x3B }, "its bytes are not protobuf")]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "its bytes are not protobuf")]
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, "it is cut off")]
    [InlineData(new byte[] { 0x08, 0x09 }, "it holds no graph")]
    public void A_file_that_is_no_model_says_why(byte[] bytes, string why)
    {
        File.WriteAllBytes(_path, bytes);

        var error = Assert.Throws<FlowKitException>(() => OnnxHeader.Read(_path)).Error;

        Assert.Equal(FlowErrorCode.DataLoss, error.Code);
        Assert.Contains($"{_path} is not a whole ONNX file: {why}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_many_megabytes_is_not_read()
    {
        var graph = new GraphProto { Input = { new ValueProto { Name = new string('x', 17 << 20) } } };
        File.WriteAllBytes(_path, new ModelProto { Graph = graph }.ToByteArray());

        Assert.Contains("bytes stands where a name is expected", Assert.Throws<FlowKitException>(() => OnnxHeader.Read(_path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_path);

    private static byte[] Model()
    {
        var shape = new ShapeProto { Dim = { new DimensionProto { DimParam = "N" }, new DimensionProto { DimValue = 3 }, new DimensionProto { DimValue = 8 }, new DimensionProto { DimValue = 8 } } };
        var pixels = new ValueProto { Name = "pixels", Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = OnnxTypes.Float, Shape = shape } } };
        return new ModelProto { Graph = new GraphProto { Name = "g", Input = { pixels } } }.ToByteArray();
    }
}
