using FlowKit.Clip.Search;

namespace FlowKit.Clip;

/// <summary>
/// A model over named columns, as AutoMM's predictor is used: each column is found to hold pictures or texts by what is in it, and every
/// embedding has length 1, so that a dot product is a cosine.
/// </summary>
/// <param name="model">The model, which stays the caller's.</param>
public sealed class ClipPredictor(ClipModel model)
{
    /// <summary>Embeds columns.</summary>
    /// <param name="columns">
    /// Paths of pictures or texts by the column's name, all as long; <see langword="null"/> where a picture is missing.
    /// </param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The embeddings under the same names.</returns>
    /// <exception cref="FlowKitException">
    /// Columns of different lengths, a missing text, or a picture that is not there or cannot be read: a path is never embedded as a text.
    /// </exception>
    public IReadOnlyDictionary<string, ColumnEmbeddings> ExtractEmbedding(
        IReadOnlyDictionary<string, IReadOnlyList<string?>> columns, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Values.Select(column => column.Count).Distinct().Count() > 1)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"Columns of different lengths: {string.Join(", ", columns.Select(column => $"{column.Key} has {column.Value.Count}"))}.");
        }

        return columns.ToDictionary(column => column.Key, column => Embed(column.Key, column.Value, cancellation), StringComparer.Ordinal);
    }

    /// <summary>The cosine of each pair of rows of two columns.</summary>
    /// <param name="left">One column.</param>
    /// <param name="right">The other.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>A cosine for each row.</returns>
    /// <exception cref="FlowKitException">Columns of different lengths.</exception>
    public float[] PredictPairs(IReadOnlyList<string> left, IReadOnlyList<string> right, CancellationToken cancellation = default)
    {
        var columns = ExtractEmbedding(new Dictionary<string, IReadOnlyList<string?>> { ["left"] = left, ["right"] = right }, cancellation);
        return [.. columns["left"].Embeddings.Zip(columns["right"].Embeddings, (one, other) => ClipScoring.Cosine(one, other))];
    }

    /// <summary>For each item the place of the candidate that fits best; either side may be pictures or texts.</summary>
    /// <param name="items">The inputs to classify.</param>
    /// <param name="candidates">The inputs to choose from.</param>
    /// <param name="cancellation">Gives up.</param>
    public int[] Predict(IReadOnlyList<string> items, IReadOnlyList<string> candidates, CancellationToken cancellation = default) =>
        [.. PredictProba(items, candidates, cancellation).Select(row => ClipScoring.Rank(row)[0])];

    /// <summary>For each item the probability of each candidate, by the model's own scale; rows of a softmax sum to 1.</summary>
    /// <param name="items">The inputs to classify.</param>
    /// <param name="candidates">The inputs to choose from; at least one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FlowKitException">There is nothing to choose from.</exception>
    public float[][] PredictProba(IReadOnlyList<string> items, IReadOnlyList<string> candidates, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, "candidates: at least one is expected.");
        }

        var rows = Embed("items", items, cancellation).Embeddings;
        var choices = Embed("candidates", candidates, cancellation).Embeddings;
        return [.. rows.Select(row => model.Card.Probabilities([.. choices.Select(choice => ClipScoring.Cosine(row, choice))]))];
    }

    /// <summary>The nearest responses of each query; either side may be pictures or texts.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="responses">The responses.</param>
    /// <param name="topK">The number of results of each; 10 by default.</param>
    /// <param name="cancellation">Gives up.</param>
    public IReadOnlyList<IReadOnlyList<SemanticMatch>> SemanticSearch(
        IReadOnlyList<string> queries,
        IReadOnlyList<string> responses,
        int topK = 10,
        CancellationToken cancellation = default) =>
        Search.SemanticSearch.Find(
            Embed("queries", queries, cancellation).Embeddings,
            Embed("responses", responses, cancellation).Embeddings,
            topK);

    private ColumnEmbeddings Embed(string name, IReadOnlyList<string?> column, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(column);
        var mask = column.Select(value => !string.IsNullOrEmpty(value)).ToArray();
        var present = column.Select((value, row) => (value, row))
            .Where(item => !string.IsNullOrEmpty(item.value))
            .Select(item => Read(name, item.row, item.value!))
            .ToList();
        var images = present.Count(input => input.IsImage);
        if (images > 0 && images < present.Count)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The column '{name}' holds {images} pictures and {present.Count - images} texts; a column is one or the other.");
        }

        if (images == 0 && present.Count < column.Count)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The column '{name}' lacks a text in row {Array.IndexOf(mask, false)}; only pictures may be missing.");
        }

        var embeddings = new Queue<float[]>(model.Embed(present, cancellation));
        var rows = mask.Select(isThere => isThere ? Normal(embeddings.Dequeue()) : new float[model.Dimension]).ToArray();
        return new ColumnEmbeddings(rows, mask, images > 0);
    }

    private static ClipInput Read(string name, int row, string value)
    {
        try
        {
            return ClipInput.PathOrText(value);
        }
        catch (FlowKitException exception)
        {
            throw new FlowKitException(exception.Error.Code, $"The column '{name}', row {row}: {exception.Message}", exception);
        }
    }

    /// <summary>A copy: the model may keep what it gave.</summary>
    private static float[] Normal(float[] embedding)
    {
        var unit = (float[])embedding.Clone();
        ClipScoring.Normalise(unit);
        return unit;
    }
}
