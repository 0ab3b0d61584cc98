using System.CommandLine;
using System.Runtime.InteropServices;
using FlowKit.Clip;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit clip preprocess IMAGE</c>.</summary>
internal static class ClipPreprocessCommand
{
    private const string Description = """
        Writes an image's tensor as CLIP's preprocessing makes it: raw little-endian float32, 3 x size x size.

        Example:
          flowkit clip preprocess cat.jpg --out cat.f32 --size 224
        """;

    public static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "A JPEG, PNG, WebP, GIF or TIFF file." };
        var output = new Option<string>("--out") { Description = "Where the tensor goes.", Required = true };
        var size = new Option<int?>("--size") { Description = "The side in pixels; the model's own by default." };
        var model = ModelOption.Create();
        size.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } value and not (>= 1 and <= 4096))
            {
                result.AddError($"--size: {value} is not from 1 to 4096.");
            }
        });
        var command = new Command("preprocess", Description) { image, output, size, model };
        command.SetAction(async (result, cancellationToken) =>
        {
            var spec = ClipModelFolder.Open(result.GetRequiredValue(model)).Card.ToImageSpec();
            var preprocessor = new ClipPreprocessor(result.GetValue(size) is { } side ? spec with { Size = side } : spec);
            var tensor = new float[preprocessor.TensorLength];
            preprocessor.Write(await RegularFile.ReadAsync(result.GetRequiredValue(image), cancellationToken), tensor);
            WholeFile.Write(result.GetRequiredValue(output), MemoryMarshal.AsBytes(tensor.AsSpan()));
            return 0;
        });
        return command;
    }
}
