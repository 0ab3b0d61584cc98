using System.Collections.Concurrent;
using FlowKit.Clip.Inference.Pixels;
using FlowKit.Clip.Inference.Texts;
using FlowKit.Clip.Models;

namespace FlowKit.Clip.Inference;

/// <summary>
/// The towers of a model, opened on first use. Each is checked by the card's self-test when it is opened, and both against each other
/// as soon as both are open. Safe for many threads.
/// </summary>
internal sealed class ModelTowers : IDisposable
{
    private readonly ClipModelFolder _folder;
    private readonly ClipModelOptions _options;
    private readonly Lazy<TextTower> _text;
    private readonly Lazy<ImageTower> _image;
    private readonly Lazy<bool> _fit;
    private readonly Lazy<TextTokenizer> _tokenizer;
    private readonly ConcurrentDictionary<ClipTowers, float> _cosines = [];

    internal ModelTowers(ClipModelFolder folder, ClipModelOptions options)
    {
        (_folder, _options) = (folder, options);
        Preprocessor = new ClipPreprocessor(folder.Card.ToImageSpec());
        _tokenizer = new Lazy<TextTokenizer>(folder.LoadTokenizer);
        _text = new Lazy<TextTower>(OpenText);
        _image = new Lazy<ImageTower>(OpenImage);
        _fit = new Lazy<bool>(TestFit);
    }

    /// <summary>Turns pictures into tensors for the image tower.</summary>
    internal ClipPreprocessor Preprocessor { get; }

    /// <summary>Turns texts into ids for the text tower; read on first use.</summary>
    internal TextTokenizer Tokenizer => _tokenizer.Value;

    /// <summary>The text tower.</summary>
    /// <exception cref="FlowKitException">The model has none, or it cannot be opened or fails its self-test.</exception>
    internal TextTower Text
    {
        get
        {
            var tower = _folder.TextualPath is not null ? _text.Value : throw Lacks("text", "embed texts");
            CheckFit();
            return tower;
        }
    }

    /// <summary>The image tower.</summary>
    /// <exception cref="FlowKitException">The model has none, or it cannot be opened or fails its self-test.</exception>
    internal ImageTower Image
    {
        get
        {
            var tower = _folder.VisualPath is not null ? _image.Value : throw Lacks("image", "embed pictures");
            CheckFit();
            return tower;
        }
    }

    /// <summary>The device that the open towers run on; the one that is asked for while none is open.</summary>
    internal string Device => OpenImageTower?.Device ?? OpenTextTower?.Device ?? _options.Device;

    /// <summary>Values per embedding; 0 while neither the card nor an open tower says so.</summary>
    internal int Dimension => _folder.Card.Dimension > 0
        ? _folder.Card.Dimension
        : OpenImageTower?.Dimension ?? OpenTextTower?.Dimension ?? 0;

    /// <summary>Indicates whether the graph of an open tower came from the cache of optimised graphs.</summary>
    internal bool FromOptimizedCache => OpenTextTower is { FromCache: true } || OpenImageTower is { FromCache: true };

    /// <summary>Indicates whether the last run of an open tower failed in the runtime.</summary>
    internal bool HasFailed => OpenTextTower is { HasFailed: true } || OpenImageTower is { HasFailed: true };

    /// <summary>For each open tower of a variant, its smallest cosine to the most exact files in the folder.</summary>
    internal IReadOnlyDictionary<ClipTowers, float> VariantCosines => _cosines;

    private TextTower? OpenTextTower => _text.IsValueCreated ? _text.Value : null;

    private ImageTower? OpenImageTower => _image.IsValueCreated ? _image.Value : null;

    /// <summary>The card's self-test, with room for what a smaller variant loses.</summary>
    private ClipSelfTest? SelfTest => _options.SelfTest && _folder.Card.SelfTest is { } test
        ? test with { Tolerance = Math.Max(test.Tolerance, LossOf(_options.Variant)) }
        : null;

    /// <summary>The most exact files of the folder, where a variant is to be compared with them.</summary>
    private ClipModelFolder? Exact
    {
        get
        {
            var isMeasured = _options is { Variant: not null and not "fp32", MeasureVariant: true };
            return isMeasured && FolderLayout.Variants(_folder.FullPath) is [not null and var best, ..] && best != _options.Variant
                ? ClipModelFolder.Open(_folder.FullPath, best)
                : null;
        }
    }

    /// <summary>Opens those of the towers that the model has.</summary>
    /// <exception cref="FlowKitException">A tower cannot be opened or fails its self-test.</exception>
    internal void Load(ClipTowers towers)
    {
        if (_folder.TextualPath is not null && towers.HasFlag(ClipTowers.Text))
        {
            // Opening a graph keeps one core busy; another one reads the vocabulary.
            ThreadPool.UnsafeQueueUserWorkItem(static model => model.ReadVocabulary(), this, preferLocal: false);
            _ = Text;
        }

        if (_folder.VisualPath is not null && towers.HasFlag(ClipTowers.Image))
        {
            _ = Image;
        }
    }

    public void Dispose()
    {
        OpenTextTower?.Dispose();
        OpenImageTower?.Dispose();
    }

    private static float LossOf(string? variant) => variant switch
    {
        null or "fp32" => 0,
        "fp16" => 0.01f,
        _ => 0.1f,
    };

    private void ReadVocabulary()
    {
        try
        {
            _ = Tokenizer;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Kept by the Lazy, and thrown to the first caller that tokenizes a text.
        }
    }

    /// <summary>Runs once, as soon as both towers are open, by the thread that opened the second one.</summary>
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
            ModelSelfTest.CheckCross(_folder, test, Tokenizer, _text.Value, Preprocessor, _image.Value);
        }

        return true;
    }

    private FlowKitException Lacks(string tower, string ability) => new(
        FlowErrorCode.InvalidArgument,
        $"The model '{_folder.Card.ModelId}' in {_folder.FullPath} has no {tower} tower: it cannot {ability}.");

    private TextTower OpenText()
    {
        var tower = new TextTower(_folder, _options);
        if (SelfTest is { } test)
        {
            ModelSelfTest.CheckTexts(_folder, test, Tokenizer, tower);
        }

        if (Exact is { } exact && VariantCheck.OfTexts(exact, _options, Tokenizer, tower) is { } cosine)
        {
            _cosines[ClipTowers.Text] = cosine;
        }

        return tower;
    }

    private ImageTower OpenImage()
    {
        var tower = new ImageTower(_folder, _options);
        if (SelfTest is { } test)
        {
            ModelSelfTest.CheckImages(_folder, test, Preprocessor, tower);
        }

        if (Exact is { } exact && VariantCheck.OfImages(exact, _options, Preprocessor, tower) is { } cosine)
        {
            _cosines[ClipTowers.Image] = cosine;
        }

        return tower;
    }
}
