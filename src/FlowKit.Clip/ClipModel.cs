using FlowKit.Clip.Inference;
using FlowKit.Clip.Inference.Pixels;
using FlowKit.Clip.Inference.Texts;
using FlowKit.Imaging;

namespace FlowKit.Clip;

/// <summary>A CLIP model ready to embed texts and pictures into one space. Safe for many threads at once.</summary>
/// <remarks>Embeddings come as the graphs give them: see <see cref="ClipScoring.Normalise"/> for length 1.</remarks>
public sealed class ClipModel : IDisposable
{
    private readonly ModelTowers _towers;
    private readonly TextEmbedder _texts;
    private readonly ImageEmbedder _images;
    private readonly int _maxBatch;

    private ClipModel(ClipModelFolder folder, ClipModelOptions options)
    {
        (Folder, _maxBatch) = (folder, options.MaxBatch);
        _towers = new ModelTowers(folder, options);
        _texts = new TextEmbedder(_towers, options);
        _images = new ImageEmbedder(_towers, options);
    }

    /// <summary>The folder of the model, with its card.</summary>
    public ClipModelFolder Folder { get; }

    /// <summary>The model's card.</summary>
    public ClipModelCard Card => Folder.Card;

    /// <summary>The stamp of this model's space, <c>name@revision</c>.</summary>
    public string ModelId => Card.ModelId;

    /// <summary>Indicates whether the model can embed texts.</summary>
    public bool HasText => Folder.TextualPath is not null;

    /// <summary>Indicates whether the model can embed pictures.</summary>
    public bool HasImages => Folder.VisualPath is not null;

    /// <summary>Turns pictures into tensors for this model.</summary>
    public ClipPreprocessor Preprocessor => _towers.Preprocessor;

    /// <summary>Turns texts into ids for this model; read on first use.</summary>
    public TextTokenizer Tokenizer => _towers.Tokenizer;

    /// <summary>The device that the loaded towers run on: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device => _towers.Device;

    /// <summary>Values per embedding; 0 while neither the card nor a loaded tower says so.</summary>
    public int Dimension => _towers.Dimension;

    /// <summary>
    /// Indicates whether the loaded towers' optimised graphs came from <see cref="ClipModelOptions.OptimizedCache"/>.
    /// </summary>
    public bool FromOptimizedCache => _towers.FromOptimizedCache;

    /// <summary>
    /// For each loaded tower of a <see cref="ClipModelOptions.Variant"/>, its smallest cosine to the most exact files in the folder.
    /// </summary>
    public IReadOnlyDictionary<ClipTowers, float> VariantCosines => _towers.VariantCosines;

    /// <summary>
    /// Opens a model, loads the towers that are asked for and checks them by the card's self-test; a tower loaded later is checked then.
    /// </summary>
    /// <param name="nameOrPath">A folder, a file in it, or a built-in name such as <c>tiny-clip</c>.</param>
    /// <param name="options">Options for running the model.</param>
    /// <exception cref="FlowKitException">No such model, damaged or swapped files, no such device, or a failed self-test.</exception>
    public static ClipModel Open(string nameOrPath, ClipModelOptions? options = null)
    {
        options ??= new ClipModelOptions();
        options.Check();
        RuntimeStart.Begin();
        var model = new ClipModel(ClipModelFolder.Open(nameOrPath, options.Variant), options);
        try
        {
            model._towers.Load(options.Load);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="texts">The texts; too long ones are cut, see <see cref="TokenizedText.Truncated"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One embedding of <see cref="Dimension"/> values per text, in order.</returns>
    public float[][] EncodeTexts(IReadOnlyList<string> texts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return EncodeTokens([.. texts.Select(text => Tokenizer.Encode(text))], cancellation);
    }

    /// <summary>Embeds texts that are tokenized already.</summary>
    /// <param name="texts">Texts as <see cref="Tokenizer"/> returned them.</param>
    /// <param name="cancellation">Gives up.</param>
    public float[][] EncodeTokens(IReadOnlyList<TokenizedText> texts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return _texts.Embed(texts, cancellation);
    }

    /// <summary>Embeds decoded pictures; they are preprocessed on several cores while the model works on those before.</summary>
    /// <param name="images">The pictures, of any size.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One embedding of <see cref="Dimension"/> values per picture, in order.</returns>
    public float[][] EncodeImages(IReadOnlyList<RgbImage> images, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return _images.EmbedEach(images.Count, (batch, place, i) => batch.Write(place, images[i]), cancellation);
    }

    /// <summary>
    /// Embeds picture files; they are decoded and preprocessed on several cores while the model works on those before.
    /// </summary>
    /// <param name="files">The files' bytes.</param>
    /// <param name="mode">The fidelity of decoding.</param>
    /// <param name="options">Limits and EXIF policy.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FlowKitException">One of them is not a picture; to let the others pass, decode each by itself.</exception>
    public float[][] EncodeImages(
        IReadOnlyList<ReadOnlyMemory<byte>> files,
        PreprocessingMode mode = PreprocessingMode.Exact,
        ImageDecodeOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        return _images.EmbedFiles(files, mode, options, cancellation);
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
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"{count} pictures for model '{ModelId}' need {(long)count * each} floats, but {pixels.Length} were given.");
        }

        return _images.EmbedEach(count, (batch, place, i) => batch.WriteTensor(place, pixels.Span.Slice(i * each, each)), cancellation);
    }

    /// <summary>Embeds the first pictures of a batch.</summary>
    /// <param name="batch">A filled batch of <see cref="RentPixels"/>.</param>
    /// <param name="count">The number of its pictures to embed.</param>
    /// <param name="cancellation">Gives up.</param>
    public float[][] EncodePixels(PixelBatch batch, int count, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, batch.Capacity);
        return _images.Embed(batch, count, cancellation);
    }

    /// <summary>
    /// Takes room for pictures in the image tower's own memory, to be filled by <see cref="ForEachPicture"/> or by any thread;
    /// dispose it when done.
    /// </summary>
    /// <param name="count">The number of pictures.</param>
    public PixelBatch RentPixels(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return _images.Rent(count);
    }

    /// <summary>
    /// Does work for each picture on the model's own threads for pixels, which are <see cref="ClipModelOptions.PreprocessingThreads"/>.
    /// </summary>
    /// <param name="count">The number of pictures.</param>
    /// <param name="work">Does one; called from several threads.</param>
    /// <param name="cancellation">No further ones are begun.</param>
    /// <returns>Completes when all are done.</returns>
    public Task ForEachPicture(int count, Action<int> work, CancellationToken cancellation = default) =>
        _images.ForEach(count, work, cancellation);

    /// <summary>The embedding of a picture file that was kept before; <see langword="null"/> where it is not known.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="mode">The fidelity of decoding.</param>
    /// <param name="options">Limits and EXIF policy.</param>
    public float[]? FindImage(
        ReadOnlySpan<byte> file, PreprocessingMode mode = PreprocessingMode.Exact, ImageDecodeOptions? options = null) =>
        _images.Find(file, mode, options);

    /// <summary>Keeps the embedding of a picture file in the cache of <see cref="ClipModelOptions.ImageCacheBytes"/>.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="embedding">Its embedding.</param>
    /// <param name="mode">The fidelity of the decoding.</param>
    /// <param name="options">Limits and EXIF policy.</param>
    public void KeepImage(
        ReadOnlySpan<byte> file,
        float[] embedding,
        PreprocessingMode mode = PreprocessingMode.Exact,
        ImageDecodeOptions? options = null) =>
        _images.Keep(file, embedding, mode, options);

    /// <summary>Runs the loaded towers once with each batch size: the first run of a shape is the slowest.</summary>
    /// <param name="batchSizes">The sizes.</param>
    /// <param name="towers">The towers to run.</param>
    /// <param name="cancellation">Gives up.</param>
    public void WarmUp(IEnumerable<int> batchSizes, ClipTowers towers, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batchSizes);
        foreach (var size in batchSizes.Select(size => Math.Clamp(size, 1, _maxBatch)).Distinct())
        {
            if (HasImages && towers.HasFlag(ClipTowers.Image))
            {
                _images.WarmUp(size, cancellation);
            }

            if (HasText && towers.HasFlag(ClipTowers.Text))
            {
                _texts.WarmUp(size, cancellation);
            }
        }
    }

    /// <summary>Indicates whether the last run of a tower failed in the runtime, which no input is to blame for.</summary>
    internal bool HasFailed => _towers.HasFailed;

    /// <summary>Lets the caches hold at least what the options say.</summary>
    internal void RaiseCaches(ClipModelOptions options)
    {
        _texts.RaiseCache(options.TextCacheBytes);
        _images.RaiseCache(options.ImageCacheBytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _towers.Dispose();
        _images.Dispose();
        _texts.Dispose();
    }
}
