using FlowKit.Clip.Inference;
using FlowKit.Clip.Inference.Caching;
using FlowKit.Clip.Inference.Pixels;
using FlowKit.Clip.Inference.Texts;
using FlowKit.Clip.Models;

namespace FlowKit.Clip;

/// <summary>A CLIP model ready to embed texts and pictures into one space. Safe for many threads at once.</summary>
/// <remarks>Embeddings come as the graphs give them: see <see cref="ClipScoring.Normalise"/> for length 1.</remarks>
public sealed partial class ClipModel : IDisposable
{
    private readonly ClipModelOptions _options;
    private readonly Lazy<TextTower> _text;
    private readonly Lazy<ImageTower> _image;
    private readonly Lazy<bool> _fit;
    private readonly Lazy<TextTokenizer> _tokenizer;
    private readonly Lazy<PixelWorkers> _pixels;
    private readonly EmbeddingCache _texts;
    private readonly EmbeddingCache _images;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<ClipTowers, float> _cosines = [];

    private ClipModel(ClipModelFolder folder, ClipModelOptions options)
    {
        (Folder, _options) = (folder, options);
        Preprocessor = new ClipPreprocessor(folder.Card.ToImageSpec());
        _tokenizer = new Lazy<TextTokenizer>(folder.LoadTokenizer);
        _text = new Lazy<TextTower>(OpenText);
        _image = new Lazy<ImageTower>(OpenImage);
        _fit = new Lazy<bool>(TestFit);
        _pixels = new Lazy<PixelWorkers>(() => new PixelWorkers(options.PreprocessingThreads));
        (_texts, _images) = (new EmbeddingCache("text", options.TextCacheBytes), new EmbeddingCache("image", options.ImageCacheBytes));
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
    public ClipPreprocessor Preprocessor { get; }

    /// <summary>Turns texts into ids for this model; read on first use.</summary>
    public TextTokenizer Tokenizer => _tokenizer.Value;

    /// <summary>The device that the loaded towers run on: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device => _image.IsValueCreated ? _image.Value.Device : _text.IsValueCreated ? _text.Value.Device : _options.Device;

    /// <summary>Values per embedding; 0 while neither the card nor a loaded tower says so.</summary>
    public int Dimension => Card.Dimension > 0 ? Card.Dimension
        : (_image.IsValueCreated ? _image.Value.Dimension : null) ?? (_text.IsValueCreated ? _text.Value.Dimension : null) ?? 0;

    /// <summary>Indicates whether the loaded towers' optimised graphs came from <see cref="ClipModelOptions.OptimizedCache"/>.</summary>
    public bool FromOptimizedCache => (_text.IsValueCreated && _text.Value.FromCache) || (_image.IsValueCreated && _image.Value.FromCache);

    /// <summary>For each loaded tower of a <see cref="ClipModelOptions.Variant"/>, its smallest cosine to the most exact files in the folder.</summary>
    public IReadOnlyDictionary<ClipTowers, float> VariantCosines => _cosines;

    /// <summary>Opens a model, loads the towers that are asked for and lets them pass the card's self-test; a tower loaded later passes it then.</summary>
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
            model.Load(options.Load);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Lets the caches hold at least what the options say.</summary>
    internal void RaiseCaches(ClipModelOptions options)
    {
        _texts.Raise(options.TextCacheBytes);
        _images.Raise(options.ImageCacheBytes);
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

        if (_pixels.IsValueCreated)
        {
            _pixels.Value.Dispose();
        }

        _texts.Clear();
        _images.Clear();
    }

    /// <summary>The card's self-test, with room for what a smaller variant loses.</summary>
    private ClipSelfTest? SelfTest => !_options.SelfTest || Card.SelfTest is not { } test ? null
        : test with { Tolerance = Math.Max(test.Tolerance, _options.Variant is null or "fp32" ? 0 : _options.Variant == "fp16" ? 0.01f : 0.1f) };

    /// <summary>The most exact files of the folder, where a variant is to be compared with them.</summary>
    private ClipModelFolder? Exact => _options is { Variant: not null and not "fp32", MeasureVariant: true } && FolderLayout.Variants(Folder.FullPath) is [not null and var best, ..] && best != _options.Variant
        ? ClipModelFolder.Open(Folder.FullPath, best)
        : null;

    private void Load(ClipTowers towers)
    {
        if (HasText && towers.HasFlag(ClipTowers.Text))
        {
            // Opening a graph keeps one core busy; another one reads the vocabulary.
            ThreadPool.UnsafeQueueUserWorkItem(static model => model.ReadVocabulary(), this, preferLocal: false);
            Text();
        }

        if (HasImages && towers.HasFlag(ClipTowers.Image))
        {
            Image();
        }
    }

    private void ReadVocabulary()
    {
        try
        {
            _ = Tokenizer;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Kept, and thrown to whoever tokenizes the first text.
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
        if (SelfTest is { Cross.Count: > 0 } test)
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
        if (SelfTest is { } test)
        {
            ModelSelfTest.CheckTexts(Folder, test, Tokenizer, tower);
        }

        if (Exact is { } exact && VariantCheck.OfTexts(exact, _options, Tokenizer, tower) is { } cosine)
        {
            _cosines[ClipTowers.Text] = cosine;
        }

        return tower;
    }

    private ImageTower OpenImage()
    {
        var tower = new ImageTower(Folder, _options);
        if (SelfTest is { } test)
        {
            ModelSelfTest.CheckImages(Folder, test, Preprocessor, tower);
        }

        if (Exact is { } exact && VariantCheck.OfImages(exact, _options, Preprocessor, tower) is { } cosine)
        {
            _cosines[ClipTowers.Image] = cosine;
        }

        return tower;
    }
}
