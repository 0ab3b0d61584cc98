using FlowKit.Clip.Inference.Caching;
using FlowKit.Clip.Inference.Pixels;
using FlowKit.Imaging;

namespace FlowKit.Clip;

/// <content>Pictures to embeddings.</content>
public sealed partial class ClipModel
{
    /// <summary>Embeds decoded pictures; they are preprocessed on several cores while the model works on those before.</summary>
    /// <param name="images">The pictures, of any size.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One embedding of <see cref="Dimension"/> values per picture, in order.</returns>
    public float[][] EncodeImages(IReadOnlyList<RgbImage> images, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return EncodeEach(images.Count, (batch, place, i) => batch.Write(place, images[i]), cancellation);
    }

    /// <summary>Embeds picture files; they are decoded and preprocessed on several cores while the model works on those before.</summary>
    /// <param name="files">The files' bytes.</param>
    /// <param name="mode">The fidelity of decoding.</param>
    /// <param name="options">Limits and EXIF policy.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FlowKitException">One of them is not a picture; to let the others pass, decode each by itself.</exception>
    public float[][] EncodeImages(IReadOnlyList<ReadOnlyMemory<byte>> files, PreprocessingMode mode = PreprocessingMode.Exact, ImageDecodeOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        var result = new float[files.Count][];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = FindImage(files[i].Span, mode, options)!;
        }

        var missing = Enumerable.Range(0, result.Length).Where(i => result[i] is null).ToArray();
        var embeddings = EncodeEach(missing.Length, (batch, place, i) => batch.Write(place, files[missing[i]].Span, mode, options), cancellation);
        for (var i = 0; i < missing.Length; i++)
        {
            result[missing[i]] = embeddings[i];
            KeepImage(files[missing[i]].Span, embeddings[i], mode, options);
        }

        return result;
    }

    /// <summary>Embeds pictures that are preprocessed already.</summary>
    /// <param name="pixels"><c>[count, 3, size, size]</c> as <see cref="Preprocessor"/> writes it; read only.</param>
    /// <param name="count">The number of pictures.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FlowKitException">A length that does not fit the count.</exception>
    public float[][] EncodePixels(Memory<float> pixels, int count, CancellationToken cancellation = default)
    {
        var each = Preprocessor.TensorLength;
        if (count < 0 || pixels.Length != (long)count * each)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"{count} pictures for model '{ModelId}' need {(long)count * each} floats, but {pixels.Length} were given.");
        }

        return EncodeEach(count, (batch, place, i) => batch.WriteTensor(place, pixels.Span.Slice(i * each, each)), cancellation);
    }

    /// <summary>Takes room for pictures in the image tower's own memory, to be filled by <see cref="ForEachPicture"/> or by any thread; dispose it when done.</summary>
    /// <param name="count">The number of pictures.</param>
    public PixelBatch RentPixels(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var tower = Image();
        return new PixelBatch(tower, Preprocessor, tower.Rent(count), count);
    }

    /// <summary>Embeds the first pictures of a batch.</summary>
    /// <param name="batch">A filled batch of <see cref="RentPixels"/>.</param>
    /// <param name="count">The number of its pictures to embed.</param>
    /// <param name="cancellation">Gives up.</param>
    public float[][] EncodePixels(PixelBatch batch, int count, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, batch.Capacity);
        var embeddings = new float[count][];
        Image().Run(batch.Buffers, _options.MaxBatch, embeddings, cancellation);
        return embeddings;
    }

    /// <summary>Does work for each picture on the model's own threads for pixels, which are <see cref="ClipModelOptions.PreprocessingThreads"/>.</summary>
    /// <param name="count">The number of pictures.</param>
    /// <param name="work">Does one; called from several threads.</param>
    /// <param name="cancellation">No further ones are begun.</param>
    /// <returns>Completes when all are done.</returns>
    public Task ForEachPicture(int count, Action<int> work, CancellationToken cancellation = default) => _pixels.Value.Start(count, work, cancellation).Done;

    /// <summary>The embedding of a picture file that was kept before; <see langword="null"/> where it is not known.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="mode">The fidelity of decoding.</param>
    /// <param name="options">Limits and EXIF policy.</param>
    public float[]? FindImage(ReadOnlySpan<byte> file, PreprocessingMode mode = PreprocessingMode.Exact, ImageDecodeOptions? options = null) =>
        _images.IsOn ? _images.Find(ContentKey.Of(file, Manner(mode, options))) : null;

    /// <summary>Keeps the embedding of a picture file in the cache of <see cref="ClipModelOptions.ImageCacheBytes"/>.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="embedding">Its embedding.</param>
    /// <param name="mode">The fidelity of the decoding.</param>
    /// <param name="options">Limits and EXIF policy.</param>
    public void KeepImage(ReadOnlySpan<byte> file, float[] embedding, PreprocessingMode mode = PreprocessingMode.Exact, ImageDecodeOptions? options = null)
    {
        if (_images.IsOn)
        {
            _images.Add(ContentKey.Of(file, Manner(mode, options)), embedding);
        }
    }

    /// <summary>Runs the loaded towers once with each batch size: the first run of a shape is the slowest.</summary>
    /// <param name="batchSizes">The sizes.</param>
    /// <param name="towers">Which towers.</param>
    /// <param name="cancellation">Gives up.</param>
    public void WarmUp(IEnumerable<int> batchSizes, ClipTowers towers, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batchSizes);
        foreach (var size in batchSizes.Select(size => Math.Clamp(size, 1, _options.MaxBatch)).Distinct())
        {
            if (HasImages && towers.HasFlag(ClipTowers.Image))
            {
                using var batch = RentPixels(size);
                EncodePixels(batch, size, cancellation);
            }

            if (HasText && towers.HasFlag(ClipTowers.Text))
            {
                var tower = Text();
                tower.Run(Enumerable.Repeat(Tokenizer.Encode("a photo of a cat"), Math.Min(size, BatchSize(tower.FixedBatch))).ToArray(), new float[Math.Min(size, BatchSize(tower.FixedBatch))][], cancellation);
            }
        }
    }

    private static int Manner(PreprocessingMode mode, ImageDecodeOptions? options) => ((int)mode << 8) | (int)(options ?? ImageDecodeOptions.Default).Orientation;

    /// <summary>Two batches in turn: while the model works on one, the other is filled.</summary>
    private float[][] EncodeEach(int count, Action<PixelBatch, int, int> write, CancellationToken cancellation)
    {
        var embeddings = new float[count][];
        var most = BatchSize(Image().FixedBatch is { } forced ? (_options.MaxBatch + forced - 1) / forced * forced : null);
        if (count == 0)
        {
            return embeddings;
        }

        using var first = RentPixels(Math.Min(count, most));
        using var second = count > most ? RentPixels(Math.Min(count - most, most)) : null;
        var (current, next) = (first, second);
        var filling = Fill(current, 0);
        for (var start = 0; start < count; start += most)
        {
            filling.Wait();
            var ready = current;
            if (start + most < count)
            {
                (current, next) = (next!, current);
                filling = Fill(current, start + most);
            }

            try
            {
                Image().Run(ready.Buffers, _options.MaxBatch, embeddings.AsSpan(start, Math.Min(most, count - start)), cancellation);
            }
            catch
            {
                // Nobody may write into memory that is given back.
                filling.WaitQuietly();
                throw;
            }
        }

        return embeddings;

        PixelWork Fill(PixelBatch batch, int start) => _pixels.Value.Start(Math.Min(most, count - start), place => write(batch, place, start + place), cancellation);
    }

    private int BatchSize(int? fixedBatch) => fixedBatch ?? _options.MaxBatch;
}
