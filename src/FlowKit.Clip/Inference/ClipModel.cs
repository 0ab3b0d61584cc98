using System.Buffers;
using FlowKit.Imaging;

namespace FlowKit.Clip;

/// <summary>A CLIP model ready to embed texts and pictures into one space. Safe for many threads at once.</summary>
/// <remarks>Embeddings come as the graphs give them: see <see cref="ClipScoring.Normalise"/> for length 1.</remarks>
public sealed class ClipModel : IDisposable
{
    private readonly ClipModelOptions _options;
    private readonly Lazy<TextTower> _text;
    private readonly Lazy<ImageTower> _image;
    private readonly Lazy<bool> _fit;
    private readonly Lazy<ClipTokenizer> _tokenizer;

    private ClipModel(ClipModelFolder folder, ClipModelOptions options)
    {
        (Folder, _options) = (folder, options);
        Preprocessor = new ClipPreprocessor(folder.Card.ToImageSpec());
        _tokenizer = new Lazy<ClipTokenizer>(folder.LoadTokenizer);
        _text = new Lazy<TextTower>(OpenText);
        _image = new Lazy<ImageTower>(OpenImage);
        _fit = new Lazy<bool>(TestFit);
    }

    /// <summary>Where the model lies, and its card.</summary>
    public ClipModelFolder Folder { get; }

    /// <summary>The model's card.</summary>
    public ClipModelCard Card => Folder.Card;

    /// <summary>The stamp of this model's space, <c>name@revision</c>.</summary>
    public string ModelId => Card.ModelId;

    /// <summary>Whether the model can embed texts.</summary>
    public bool HasText => Folder.TextualPath is not null;

    /// <summary>Whether the model can embed pictures.</summary>
    public bool HasImages => Folder.VisualPath is not null;

    /// <summary>Turns pictures into tensors for this model.</summary>
    public ClipPreprocessor Preprocessor { get; }

    /// <summary>Turns texts into ids for this model; read on first use.</summary>
    public ClipTokenizer Tokenizer => _tokenizer.Value;

    /// <summary>Where the loaded towers run: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device => _image.IsValueCreated ? _image.Value.Device : _text.IsValueCreated ? _text.Value.Device : _options.Device;

    /// <summary>Values per embedding; 0 while neither the card nor a loaded tower says so.</summary>
    public int Dimension => Card.Dimension > 0 ? Card.Dimension
        : (_image.IsValueCreated ? _image.Value.Dimension : null) ?? (_text.IsValueCreated ? _text.Value.Dimension : null) ?? 0;

    /// <summary>Opens a model, loads the towers that are asked for and lets them pass the card's self-test; a tower loaded later passes it then.</summary>
    /// <param name="nameOrPath">A folder, a file in it, or a built-in name such as <c>tiny-clip</c>.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="FlowKitException">No such model, damaged or swapped files, no such device, or a failed self-test.</exception>
    public static ClipModel Open(string nameOrPath, ClipModelOptions? options = null)
    {
        options ??= new ClipModelOptions();
        if (options.MaxBatch < 1 || options.InferenceThreads < 0 || options.PreprocessingThreads < 0)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, "A model needs a largest batch of at least 1, and numbers of threads of at least 0.");
        }

        var model = new ClipModel(ClipModelFolder.Open(nameOrPath), options);
        try
        {
            model.Load(options.Load);
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
    /// <param name="texts">What <see cref="Tokenizer"/> gave.</param>
    /// <param name="cancellation">Gives up.</param>
    public float[][] EncodeTokens(IReadOnlyList<TokenizedText> texts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var tower = Text();

        // Texts of like length together: each call is trimmed to its longest.
        var order = Enumerable.Range(0, texts.Count).OrderBy(i => texts[i].Length).ToArray();
        var sorted = order.Select(i => texts[i]).ToArray();
        var embeddings = new float[texts.Count][];
        foreach (var (start, count) in Batches(texts.Count, tower.FixedBatch))
        {
            tower.Run(sorted.AsSpan(start, count), embeddings.AsSpan(start, count), cancellation);
        }

        var result = new float[texts.Count][];
        for (var i = 0; i < order.Length; i++)
        {
            result[order[i]] = embeddings[i];
        }

        return result;
    }

    /// <summary>Embeds decoded pictures; they are preprocessed on several cores.</summary>
    /// <param name="images">The pictures, of any size.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One embedding of <see cref="Dimension"/> values per picture, in order.</returns>
    public float[][] EncodeImages(IReadOnlyList<RgbImage> images, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return EncodeEach(images.Count, (i, target) => Preprocessor.Write(images[i], target.Span), cancellation);
    }

    /// <summary>Embeds picture files; they are decoded and preprocessed on several cores.</summary>
    /// <param name="files">The files' bytes.</param>
    /// <param name="mode">How faithfully they are decoded.</param>
    /// <param name="options">Limits and EXIF policy.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FlowKitException">One of them is not a picture; to let the others pass, decode each by itself.</exception>
    public float[][] EncodeImages(IReadOnlyList<ReadOnlyMemory<byte>> files, PreprocessingMode mode = PreprocessingMode.Exact, ImageDecodeOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        return EncodeEach(files.Count, (i, target) => Preprocessor.Write(files[i].Span, target.Span, mode, options), cancellation);
    }

    /// <summary>Embeds pictures that are preprocessed already.</summary>
    /// <param name="pixels"><c>[count, 3, size, size]</c> as <see cref="Preprocessor"/> writes it; read only.</param>
    /// <param name="count">How many pictures.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FlowKitException">A length that does not fit the count.</exception>
    public float[][] EncodePixels(Memory<float> pixels, int count, CancellationToken cancellation = default)
    {
        var each = Preprocessor.TensorLength;
        if (count < 0 || pixels.Length != (long)count * each)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"{count} pictures for model '{ModelId}' need {(long)count * each} floats, but {pixels.Length} were given.");
        }

        var tower = Image();
        var embeddings = new float[count][];
        foreach (var (start, length) in Batches(count, tower.FixedBatch))
        {
            tower.Run(pixels.Slice(start * each, length * each), Card.ImageSize, embeddings.AsSpan(start, length), cancellation);
        }

        return embeddings;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_text.IsValueCreated)
        {
            _text.Value.Dispose();
        }

        if (_image.IsValueCreated)
        {
            _image.Value.Dispose();
        }
    }

    private float[][] EncodeEach(int count, Action<int, Memory<float>> write, CancellationToken cancellation)
    {
        var tower = Image();
        var each = Preprocessor.TensorLength;
        var embeddings = new float[count][];
        var buffer = ArrayPool<float>.Shared.Rent(Math.Min(count, BatchSize(tower.FixedBatch)) * each);
        try
        {
            foreach (var (start, length) in Batches(count, tower.FixedBatch))
            {
                ForEach(length, i => write(start + i, buffer.AsMemory(i * each, each)), cancellation);
                tower.Run(buffer.AsMemory(0, length * each), Card.ImageSize, embeddings.AsSpan(start, length), cancellation);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }

        return embeddings;
    }

    private void ForEach(int count, Action<int> body, CancellationToken cancellation)
    {
        var threads = _options.PreprocessingThreads > 0 ? _options.PreprocessingThreads : Environment.ProcessorCount;
        if (threads == 1 || count == 1)
        {
            for (var i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                body(i);
            }

            return;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, body);
        }
        catch (AggregateException exception) when (exception.InnerException is FlowKitException first)
        {
            throw new FlowKitException(first.Error, exception);
        }
    }

    private IEnumerable<(int Start, int Count)> Batches(int count, int? fixedBatch)
    {
        var size = BatchSize(fixedBatch);
        for (var start = 0; start < count; start += size)
        {
            yield return (start, Math.Min(size, count - start));
        }
    }

    private int BatchSize(int? fixedBatch) => fixedBatch ?? _options.MaxBatch;

    private void Load(ClipTowers towers)
    {
        if (HasText && towers.HasFlag(ClipTowers.Text))
        {
            Text();
        }

        if (HasImages && towers.HasFlag(ClipTowers.Image))
        {
            Image();
        }
    }

    private TextTower Text()
    {
        var tower = HasText ? _text.Value : throw Lacks("text", "embed texts");
        CheckFit();
        return tower;
    }

    private ImageTower Image()
    {
        var tower = HasImages ? _image.Value : throw Lacks("image", "embed pictures");
        CheckFit();
        return tower;
    }

    /// <summary>Runs once, as soon as both towers are there: whichever came second, and whoever asked for it.</summary>
    private void CheckFit()
    {
        if (_text.IsValueCreated && _image.IsValueCreated)
        {
            _ = _fit.Value;
        }
    }

    private bool TestFit()
    {
        if (_options.SelfTest && Card.SelfTest is { Cross.Count: > 0 } test)
        {
            ModelSelfTest.CheckCross(Folder, test, Tokenizer, _text.Value, Preprocessor, _image.Value);
        }

        return true;
    }

    private FlowKitException Lacks(string tower, string ability) =>
        new(FlowErrorCode.InvalidArgument, $"The model '{ModelId}' in {Folder.FullPath} has no {tower} tower: it cannot {ability}.");

    private TextTower OpenText()
    {
        var tower = new TextTower(Folder, _options);
        if (_options.SelfTest && Card.SelfTest is { } test)
        {
            ModelSelfTest.CheckTexts(Folder, test, Tokenizer, tower);
        }

        return tower;
    }

    private ImageTower OpenImage()
    {
        var tower = new ImageTower(Folder, _options);
        if (_options.SelfTest && Card.SelfTest is { } test)
        {
            ModelSelfTest.CheckImages(Folder, test, Preprocessor, tower);
        }

        return tower;
    }
}
