using FlowKit.Conformance.Images;

namespace FlowKit.Imaging.Tests;

/// <summary>The decoders against Pillow's files.</summary>
public abstract class PillowDecoderTests : ImageDecoderSuite
{
    protected override IReadOnlyList<GoldenImage> Golden =>
        [.. PillowFile.Plain.Select(file => new GoldenImage(file.Name, file.File, file.Width, file.Height, file.Rgb))];
}
