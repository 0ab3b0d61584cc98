using FlowKit.Imaging;

namespace FlowKit.Clip.Models.Diagnostics;

/// <summary>Runs a model and looks at what comes out: a wrong export shows in batches, in padding, in lengths, in colours.</summary>
internal static class EmbeddingDiagnostics
{
    private const float Same = 1e-4f;

    private static readonly (string Word, RgbImage Image)[] Colours =
    [
        ("red", RgbImage.Filled(64, 64, 220, 30, 35)),
        ("green", RgbImage.Filled(64, 64, 40, 160, 60)),
        ("blue", RgbImage.Filled(64, 64, 40, 80, 220)),
    ];

    internal static IEnumerable<ClipFinding> Run(ClipModel model)
    {
        if (model.HasText)
        {
            yield return Batches(
                "text batches",
                model.EncodeTexts,
                ["a cat", "a photo of a dog on a chair", "x", "snowy streets at night with many people", "red", "blue", "the sea"]);
            yield return Padding(model);
        }

        if (model.HasImages)
        {
            yield return Batches(
                "image batches",
                (images, token) => model.EncodeImages(images, token),
                [.. Colours.Select(static colour => colour.Image), .. Colours.Select(static colour => colour.Image)]);
            yield return Lengths(model);
        }

        if (model is { HasText: true, HasImages: true })
        {
            yield return Colour(model);
        }
    }

    private static ClipFinding Batches<T>(string check, Func<IReadOnlyList<T>, CancellationToken, float[][]> encode, T[] inputs)
    {
        var together = encode(inputs, CancellationToken.None);
        var worst = inputs.Select((input, i) => 1 - ClipScoring.Cosine(encode([input], CancellationToken.None)[0], together[i])).Max();
        return worst <= Same
            ? new ClipFinding(check, ClipFindingState.Ok, $"alone and among others differ by {worst:G2} at most (cosine distance)")
            : new ClipFinding(
                check,
                ClipFindingState.Wrong,
                $"an embedding depends on its neighbours: cosine distance {worst:G3}. The graph mixes the batch; export it again");
    }

    /// <summary>
    /// Checks that ids after the end mark do not change an embedding, or else that every text is padded to the context length.
    /// </summary>
    private static ClipFinding Padding(ClipModel model)
    {
        var tokens = model.Tokenizer.Encode("a photo of a cat");
        var other = (int[])tokens.Ids.Clone();
        other.AsSpan(tokens.Length).Fill(tokens.Ids[0]);
        var distance = 1 - ClipScoring.Cosine(model.EncodeTokens([tokens])[0], model.EncodeTokens([tokens with { Ids = other }])[0]);
        if (distance <= Same)
        {
            return new ClipFinding("padding", ClipFindingState.Ok, "what stands behind the end mark does not count");
        }

        if (model.Card.PadToContext)
        {
            var padded = $"padding counts, and every text is padded to {model.Card.ContextLength} ids with {model.Card.PadId}";
            return new ClipFinding("padding", ClipFindingState.Ok, padded);
        }

        return new ClipFinding(
            "padding",
            ClipFindingState.Wrong,
            $"what stands behind the end mark changes the embedding (cosine distance {distance:G3}):"
            + " the card must say \"pad_to_context\": true and the right pad_id");
    }

    private static ClipFinding Lengths(ClipModel model)
    {
        var norms = model
            .EncodeImages([.. Colours.Select(static colour => colour.Image)])
            .Select(static embedding => ClipScoring.Norm(embedding))
            .ToArray();
        var isUnit = norms.All(static norm => Math.Abs(norm - 1) < 1e-3f);
        return isUnit == model.Card.Normalized
            ? new ClipFinding(
                "length",
                ClipFindingState.Ok,
                isUnit ? "embeddings have length 1" : $"embeddings are not scaled: length {norms[0]:F2}")
            : new ClipFinding(
                "length",
                ClipFindingState.Unsure,
                isUnit
                    ? "the graph gives embeddings of length 1, and the card does not say so (\"normalized\": true)"
                    : $"the card says length 1, and the graph gives {norms[0]:F2}");
    }

    /// <summary>Any CLIP tells red from blue; one whose channels, mean or towers are mixed up does not.</summary>
    private static ClipFinding Colour(ClipModel model)
    {
        var texts = model.EncodeTexts([.. Colours.Select(static colour => colour.Word)]);
        var images = model.EncodeImages([.. Colours.Select(static colour => colour.Image)]);
        var right = Enumerable.Range(0, Colours.Length)
            .Count(i => Enumerable.Range(0, Colours.Length).MaxBy(j => ClipScoring.Cosine(images[i], texts[j])) == i);
        return right == Colours.Length
            ? new ClipFinding("colours", ClipFindingState.Ok, "red, green and blue pictures find their words")
            : new ClipFinding(
                "colours",
                right > 0 ? ClipFindingState.Unsure : ClipFindingState.Wrong,
                $"of red, green and blue pictures {right} find their words:"
                + " look at mean, std and the order of channels, and whether both towers are of one model");
    }
}
