using FlowKit.Clip.Inference.Caching;

namespace FlowKit.Clip.Inference.Texts;

/// <summary>Embeds tokenized texts in batches of like length; keeps embeddings in a cache. Safe for many threads.</summary>
/// <param name="towers">The model's towers.</param>
/// <param name="options">Options for running the model.</param>
internal sealed class TextEmbedder(ModelTowers towers, ClipModelOptions options) : IDisposable
{
    private readonly EmbeddingCache _cache = new("text", options.TextCacheBytes);

    /// <summary>Embeds texts; those in the cache are taken from there.</summary>
    /// <returns>One embedding per text, in order.</returns>
    /// <exception cref="FlowKitException">The model has no text tower, or its graph failed.</exception>
    internal float[][] Embed(IReadOnlyList<TokenizedText> texts, CancellationToken cancellation)
    {
        var tower = towers.Text;
        var result = new float[texts.Count][];
        var keys = _cache.IsOn ? texts.Select(ContentKey.Of).ToArray() : [];
        for (var i = 0; i < keys.Length; i++)
        {
            result[i] = _cache.Find(keys[i])!;
        }

        // Texts of like length together: each call is as long as its longest.
        var order = Enumerable.Range(0, texts.Count).Where(i => result[i] is null).OrderBy(i => texts[i].Length).ToArray();
        var sorted = order.Select(i => texts[i]).ToArray();
        var embeddings = new float[order.Length][];
        foreach (var (start, count) in Batches(sorted, tower))
        {
            tower.Run(sorted.AsSpan(start, count), embeddings.AsSpan(start, count), cancellation);
        }

        for (var i = 0; i < order.Length; i++)
        {
            result[order[i]] = embeddings[i];
            if (keys.Length > 0)
            {
                _cache.Add(keys[order[i]], embeddings[i]);
            }
        }

        return result;
    }

    /// <summary>Runs the tower once with a batch of a size.</summary>
    internal void WarmUp(int size, CancellationToken cancellation)
    {
        var tower = towers.Text;
        var count = Math.Min(size, BatchSize(tower));
        var texts = Enumerable.Repeat(towers.Tokenizer.Encode("a photo of a cat"), count).ToArray();
        tower.Run(texts, new float[count][], cancellation);
    }

    /// <summary>Lets the cache hold at least a number of bytes.</summary>
    internal void RaiseCache(long bytes) => _cache.Raise(bytes);

    public void Dispose() => _cache.Clear();

    private int BatchSize(TextTower tower) => tower.FixedBatch ?? options.MaxBatch;

    /// <summary>
    /// Cuts texts into batches. On a CPU a larger batch is no faster by itself, so that each length runs alone; on a GPU it is.
    /// </summary>
    private IEnumerable<(int Start, int Count)> Batches(TokenizedText[] sorted, TextTower tower)
    {
        var max = BatchSize(tower);
        var isByLength = tower.Lengths.AreFree && tower.Device == "cpu";
        for (var start = 0; start < sorted.Length;)
        {
            var end = start + 1;
            while (end < sorted.Length && end - start < max && (!isByLength || AreAlike(sorted[end], sorted[start])))
            {
                end++;
            }

            yield return (start, end - start);
            start = end;
        }

        bool AreAlike(TokenizedText left, TokenizedText right) => tower.Lengths.Bucket(left) == tower.Lengths.Bucket(right);
    }
}
