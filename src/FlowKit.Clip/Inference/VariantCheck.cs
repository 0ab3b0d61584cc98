using FlowKit.Clip.Inference.Pixels;
using FlowKit.Clip.Inference.Texts;
using FlowKit.Imaging;

namespace FlowKit.Clip.Inference;

/// <summary>
/// Measures what a smaller variant of a tower costs: the cosine between its embeddings and those of the most exact files beside it.
/// </summary>
internal static class VariantCheck
{
    private static readonly string[] Texts =
    [
        "a photo of a cat",
        "two people at a table",
        "red",
        "a diagram with many small labels",
        "snowy streets at night",
        "an old map",
        "the sea",
        "a dog that jumps over a fence",
    ];

    /// <summary>The smallest cosine over a few texts.</summary>
    internal static float? OfTexts(ClipModelFolder exact, ClipModelOptions options, TextTokenizer tokenizer, TextTower tower)
    {
        if (exact.TextualPath is null)
        {
            return null;
        }

        using var reference = new TextTower(exact, options with { Variant = null });
        var tokens = Array.ConvertAll(Texts, text => tokenizer.Encode(text));
        return Smallest(
            Each(tokens.Length, (i, into) => reference.Run(tokens.AsSpan(i, 1), into, CancellationToken.None)),
            Each(tokens.Length, (i, into) => tower.Run(tokens.AsSpan(i, 1), into, CancellationToken.None)));
    }

    /// <summary>The smallest cosine over a few drawn pictures.</summary>
    internal static float? OfImages(ClipModelFolder exact, ClipModelOptions options, ClipPreprocessor preprocessor, ImageTower tower)
    {
        if (exact.VisualPath is null)
        {
            return null;
        }

        using var reference = new ImageTower(exact, options with { Variant = null });
        return Smallest(Pictures(preprocessor, reference), Pictures(preprocessor, tower));
    }

    private static float[][] Pictures(ClipPreprocessor preprocessor, ImageTower tower) => Each(Texts.Length, (i, into) =>
    {
        using var image = Draw(preprocessor.Spec.Size, i);
        using var batch = new PixelBatch(tower, preprocessor, tower.Rent(1), 1);
        batch.Write(0, image);
        tower.Run(batch.Buffers, 1, into, CancellationToken.None);
    });

    /// <summary>Waves of another direction, length and colour each.</summary>
    private static RgbImage Draw(int size, int number)
    {
        var image = RgbImage.Filled(size, size, 0, 0, 0);
        var pixels = image.Pixels.Span;
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y, channel) = (i / 3 % size, i / 3 / size, i % 3);
            pixels[i] = (byte)(127.5 + (127.5 * Math.Sin(((x * (number + 1)) + (y * (7 - number)) + (channel * 40)) * 6.28 / size)));
        }

        return image;
    }

    private static float[][] Each(int count, Action<int, float[][]> run) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var embedding = new float[1][];
        run(i, embedding);
        return embedding[0];
    })];

    private static float Smallest(float[][] exact, float[][] ours) =>
        exact.Zip(ours, static (left, right) => ClipScoring.Cosine(left, right)).Min();
}
