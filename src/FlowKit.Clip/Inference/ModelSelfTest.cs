using FlowKit.Clip.Inference.Pixels;
using FlowKit.Clip.Inference.Texts;
using FlowKit.Clip.Models;
using FlowKit.Imaging;

namespace FlowKit.Clip.Inference;

/// <summary>
/// Runs the pairs stored in a model's card through its towers: a wrong export, a wrong mean or swapped files show at once.
/// </summary>
internal static class ModelSelfTest
{
    /// <summary>Checks the text tower.</summary>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.FailedPrecondition"/>, naming tower and figures.</exception>
    internal static void CheckTexts(ClipModelFolder folder, ClipSelfTest test, TextTokenizer tokenizer, TextTower tower)
    {
        foreach (var check in test.Texts)
        {
            Compare(
                $"text tower {folder.TextualPath}",
                $"the text '{check.Text}'",
                check.EmbeddingHead,
                check.Norm,
                Embed(check, tokenizer, tower),
                test.Tolerance);
        }
    }

    /// <summary>Checks the image tower.</summary>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.FailedPrecondition"/>, naming tower and figures.</exception>
    internal static void CheckImages(ClipModelFolder folder, ClipSelfTest test, ClipPreprocessor preprocessor, ImageTower tower)
    {
        foreach (var check in test.Images)
        {
            Compare(
                $"image tower {folder.VisualPath}",
                $"a picture of colour {string.Join(",", check.Rgb)}",
                check.EmbeddingHead,
                check.Norm,
                Embed(check, preprocessor, tower),
                test.Tolerance);
        }
    }

    /// <summary>Checks that both towers share one space: every text with every picture.</summary>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.FailedPrecondition"/>, naming the pair and the figures.</exception>
    internal static void CheckCross(
        ClipModelFolder folder,
        ClipSelfTest test,
        TextTokenizer tokenizer,
        TextTower textTower,
        ClipPreprocessor preprocessor,
        ImageTower imageTower)
    {
        var texts = test.Texts.Select(check => Embed(check, tokenizer, textTower)).ToList();
        var images = test.Images.Select(check => Embed(check, preprocessor, imageTower)).ToList();
        for (var row = 0; row < Math.Min(images.Count, test.Cross.Count); row++)
        {
            for (var column = 0; column < Math.Min(texts.Count, test.Cross[row].Count); column++)
            {
                var cosine = ClipScoring.Cosine(images[row], texts[column]);
                if (!(Math.Abs(cosine - test.Cross[row][column]) <= test.Tolerance))
                {
                    throw Failed(
                        $"The towers of model '{folder.Card.ModelId}' do not fit together:"
                        + $" picture {row} and text {column} have cosine {cosine:F4}; the card says {test.Cross[row][column]:F4}.");
                }
            }
        }
    }

    private static float[] Embed(ClipTextCheck check, TextTokenizer tokenizer, TextTower tower)
    {
        var embedding = new float[1][];
        tower.Run([tokenizer.Encode(check.Text)], embedding, CancellationToken.None);
        return embedding[0];
    }

    private static float[] Embed(ClipImageCheck check, ClipPreprocessor preprocessor, ImageTower tower)
    {
        using var batch = new PixelBatch(tower, preprocessor, tower.Rent(1), 1);
        batch.Write(0, Plain(check, preprocessor.Spec.Size));
        var embedding = new float[1][];
        tower.Run(batch.Buffers, 1, embedding, CancellationToken.None);
        return embedding[0];
    }

    private static RgbImage Plain(ClipImageCheck check, int size) =>
        RgbImage.Filled(size, size, (byte)check.Rgb[0], (byte)check.Rgb[1], (byte)check.Rgb[2]);

    private static void Compare(string tower, string input, IReadOnlyList<float> head, float norm, float[] embedding, float tolerance)
    {
        var actualNorm = ClipScoring.Norm(embedding);
        var worst = head.Count > embedding.Length ? float.PositiveInfinity : Math.Abs(actualNorm / norm - 1);
        for (var i = 0; i < Math.Min(head.Count, embedding.Length); i++)
        {
            worst = Math.Max(worst, Math.Abs((embedding[i] / actualNorm) - (head[i] / norm)));
        }

        if (!(worst <= tolerance))
        {
            throw Failed(
                $"The {tower} fails its self-test on {input}: it differs by {worst:G3}, more than {tolerance:G3};"
                + $" got norm {actualNorm:F4} and [{string.Join(", ", embedding.Take(head.Count))}],"
                + $" the card says norm {norm:F4} and [{string.Join(", ", head)}].");
        }
    }

    private static FlowKitException Failed(string message) => new(FlowErrorCode.FailedPrecondition, message);
}
