namespace FlowKit.Clip;

/// <summary>Common tasks of a CLIP model in one call: embedding and comparing.</summary>
public static class ClipModelTasks
{
    /// <summary>Embeds texts, as the model gives it: not of length 1.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">The texts.</param>
    /// <returns>An embedding for each.</returns>
    public static float[][] EmbedText(this ClipModel model, params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.EncodeTexts(texts);
    }

    /// <summary>Embeds pictures in files, as the model gives it: not of length 1.</summary>
    /// <param name="model">The model.</param>
    /// <param name="paths">The files.</param>
    /// <returns>An embedding for each.</returns>
    /// <exception cref="FlowKitException">A file cannot be read or decoded.</exception>
    public static float[][] EmbedImage(this ClipModel model, params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(paths);
        return model.Embed([.. paths.Select(ClipInput.Image)]);
    }

    /// <summary>Embeds texts and pictures together.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>An embedding for each, in order.</returns>
    public static float[][] Embed(this ClipModel model, IReadOnlyList<ClipInput> inputs, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        return ClipInput.Encode(model, inputs, cancellation);
    }

    /// <summary>The cosine of a subject and each prompt, without the model's scale.</summary>
    /// <param name="model">The model.</param>
    /// <param name="subject">A text or a picture.</param>
    /// <param name="prompts">Texts or pictures.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>A cosine for each prompt.</returns>
    public static float[] Compare(
        this ClipModel model, ClipInput subject, IReadOnlyList<ClipInput> prompts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        var embeddings = model.Embed([subject, .. prompts], cancellation);
        return [.. embeddings.Skip(1).Select(embedding => ClipScoring.Cosine(embeddings[0], embedding))];
    }

    /// <summary>The cosine of a subject and each named prompt.</summary>
    /// <param name="model">The model.</param>
    /// <param name="subject">A text or a picture.</param>
    /// <param name="prompts">Texts or pictures by a name of the caller's.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>A cosine for each name.</returns>
    public static IReadOnlyDictionary<string, float> Compare(
        this ClipModel model,
        ClipInput subject,
        IReadOnlyDictionary<string, ClipInput> prompts,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        var names = prompts.Keys.ToArray();
        var cosines = model.Compare(subject, [.. names.Select(name => prompts[name])], cancellation);
        return names.Zip(cosines).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }
}
