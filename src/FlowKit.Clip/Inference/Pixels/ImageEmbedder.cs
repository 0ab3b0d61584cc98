using FlowKit.Clip.Inference.Caching;
using FlowKit.Imaging;

namespace FlowKit.Clip.Inference.Pixels;

/// <summary>
/// Embeds pictures in batches: while the tower runs one, the next is decoded and preprocessed by threads of its own. Keeps embeddings of
/// files in a cache. Safe for many threads.
/// </summary>
/// <param name="towers">The model's towers.</param>
/// <param name="options">Options for running the model.</param>
internal sealed class ImageEmbedder(ModelTowers towers, ClipModelOptions options) : IDisposable
{
    private readonly Lazy<PixelWorkers> _workers = new(() => new PixelWorkers(options.PreprocessingThreads));
    private readonly EmbeddingCache _cache = new("image", options.ImageCacheBytes);

    /// <summary>Takes memory of the tower for pictures; dispose it when done.</summary>
    /// <exception cref="FlowKitException">The model has no image tower.</exception>
    internal PixelBatch Rent(int count)
    {
        var tower = towers.Image;
        return new PixelBatch(tower, towers.Preprocessor, tower.Rent(count), count);
    }

    /// <summary>Embeds the first pictures of a filled batch.</summary>
    /// <exception cref="FlowKitException">The graph failed.</exception>
    internal float[][] Embed(PixelBatch batch, int count, CancellationToken cancellation)
    {
        var embeddings = new float[count][];
        towers.Image.Run(batch.Buffers, options.MaxBatch, embeddings, cancellation);
        return embeddings;
    }

    /// <summary>Embeds files; those in the cache are taken from there.</summary>
    /// <returns>One embedding per file, in order.</returns>
    /// <exception cref="FlowKitException">One of them is not a picture, or the graph failed.</exception>
    internal float[][] EmbedFiles(
        IReadOnlyList<ReadOnlyMemory<byte>> files, PreprocessingMode mode, ImageDecodeOptions? decoding, CancellationToken cancellation)
    {
        var result = new float[files.Count][];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Find(files[i].Span, mode, decoding)!;
        }

        var missing = Enumerable.Range(0, result.Length).Where(i => result[i] is null).ToArray();
        var embeddings = EmbedEach(
            missing.Length,
            (batch, place, i) => batch.Write(place, files[missing[i]].Span, mode, decoding),
            cancellation);
        for (var i = 0; i < missing.Length; i++)
        {
            result[missing[i]] = embeddings[i];
            Keep(files[missing[i]].Span, embeddings[i], mode, decoding);
        }

        return result;
    }

    /// <summary>Embeds pictures that a delegate writes: while the tower runs one batch, the other one is filled.</summary>
    /// <param name="count">The number of pictures.</param>
    /// <param name="write">Writes a picture into a batch, by its place in the batch and its index; called from several threads.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One embedding per picture, in order.</returns>
    /// <exception cref="FlowKitException">The graph failed, or <paramref name="write"/> did.</exception>
    internal float[][] EmbedEach(int count, Action<PixelBatch, int, int> write, CancellationToken cancellation)
    {
        var embeddings = new float[count][];
        var max = BatchSize(towers.Image);
        if (count == 0)
        {
            return embeddings;
        }

        using var first = Rent(Math.Min(count, max));
        using var second = count > max ? Rent(Math.Min(count - max, max)) : null;
        var (current, next) = (first, second);
        var filling = Fill(current, 0);
        for (var start = 0; start < count; start += max)
        {
            filling.Wait();
            var ready = current;
            if (start + max < count)
            {
                (current, next) = (next!, current);
                filling = Fill(current, start + max);
            }

            try
            {
                var target = embeddings.AsSpan(start, Math.Min(max, count - start));
                towers.Image.Run(ready.Buffers, options.MaxBatch, target, cancellation);
            }
            catch
            {
                // Nobody may write into memory that is given back.
                filling.WaitQuietly();
                throw;
            }
        }

        return embeddings;

        PixelWork Fill(PixelBatch batch, int start) =>
            _workers.Value.Start(Math.Min(max, count - start), place => write(batch, place, start + place), cancellation);
    }

    /// <summary>Runs work for each picture on the threads for pixels.</summary>
    internal Task ForEach(int count, Action<int> work, CancellationToken cancellation) =>
        _workers.Value.Start(count, work, cancellation).Done;

    /// <summary>Finds the embedding of a file in the cache; <see langword="null"/> when it is not there.</summary>
    internal float[]? Find(ReadOnlySpan<byte> file, PreprocessingMode mode, ImageDecodeOptions? decoding) =>
        _cache.IsOn ? _cache.Find(ContentKey.Of(file, DecodingOf(mode, decoding))) : null;

    /// <summary>Adds the embedding of a file to the cache.</summary>
    internal void Keep(ReadOnlySpan<byte> file, float[] embedding, PreprocessingMode mode, ImageDecodeOptions? decoding)
    {
        if (_cache.IsOn)
        {
            _cache.Add(ContentKey.Of(file, DecodingOf(mode, decoding)), embedding);
        }
    }

    /// <summary>Runs the tower once with a batch of a size.</summary>
    internal void WarmUp(int size, CancellationToken cancellation)
    {
        using var batch = Rent(size);
        Embed(batch, size, cancellation);
    }

    /// <summary>Lets the cache hold at least a number of bytes.</summary>
    internal void RaiseCache(long bytes) => _cache.Raise(bytes);

    public void Dispose()
    {
        if (_workers.IsValueCreated)
        {
            _workers.Value.Dispose();
        }

        _cache.Clear();
    }

    /// <summary>Returns the decoding options as a number: other options give other pixels, and so another embedding.</summary>
    private static int DecodingOf(PreprocessingMode mode, ImageDecodeOptions? decoding) =>
        ((int)mode << 8) | (int)(decoding ?? ImageDecodeOptions.Default).Orientation;

    /// <summary>Returns the most pictures of a batch: a multiple of the batch that the graph insists on.</summary>
    private int BatchSize(ImageTower tower) =>
        tower.FixedBatch is { } forced ? (options.MaxBatch + forced - 1) / forced * forced : options.MaxBatch;
}
