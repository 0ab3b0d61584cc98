using FlowKit.Imaging;

namespace FlowKit.Clip;

/// <summary>The card of a model, <c>model.json</c> in its folder: everything that differs between models and that a graph does not say.</summary>
public sealed record ClipModelCard
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Which version of it.</summary>
    public string Revision { get; init; } = "1";

    /// <summary>Values per embedding; 0 where only the graph knows.</summary>
    public int Dimension { get; init; }

    /// <summary>The side of the square picture, in pixels.</summary>
    public int ImageSize { get; init; } = ClipImageSpec.OpenAi.Size;

    /// <summary>The mean of red, green, blue on a scale of 0 to 1.</summary>
    public IReadOnlyList<float> Mean { get; init; } = ClipImageSpec.OpenAi.Mean;

    /// <summary>The standard deviation of red, green, blue.</summary>
    public IReadOnlyList<float> Std { get; init; } = ClipImageSpec.OpenAi.Std;

    /// <summary>The resampling filter: <c>bicubic</c> or <c>bilinear</c>.</summary>
    public string Interpolation { get; init; } = "bicubic";

    /// <summary>How a picture becomes square: <c>shortest</c> or <c>squash</c>.</summary>
    public string ResizeMode { get; init; } = "shortest";

    /// <summary>Ids per text.</summary>
    public int ContextLength { get; init; } = 77;

    /// <summary>The kind of tokenizer; <c>clip_bpe</c> is the one there is.</summary>
    public string Tokenizer { get; init; } = "clip_bpe";

    /// <summary>What is done to a text before it is split: <c>openai</c> or <c>huggingface</c>.</summary>
    public string TextCleaning { get; init; } = "openai";

    /// <summary>Whether the padding of a text changes its embedding, as it does where the text tower is not causal.</summary>
    public bool PadToContext { get; init; }

    /// <summary>What a cosine is multiplied with before softmax or sigmoid.</summary>
    public float LogitScale { get; init; } = 100f;

    /// <summary>What is added to the logits, for models trained with a sigmoid.</summary>
    public float LogitBias { get; init; }

    /// <summary>Whether the graphs give embeddings of length 1.</summary>
    public bool Normalized { get; init; }

    /// <summary>The model's files.</summary>
    public ClipModelFiles Files { get; init; } = new();

    /// <summary>What the model must answer; run when a tower is loaded.</summary>
    public ClipSelfTest? SelfTest { get; init; }

    /// <summary>The stamp every embedding of this model carries: spaces of different stamps cannot be compared.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string ModelId => $"{Name}@{Revision}";

    /// <summary>The preprocessing this card asks for.</summary>
    /// <exception cref="FlowKitException">An interpolation or resize mode that is not known.</exception>
    public ClipImageSpec ToImageSpec() => new()
    {
        Size = ImageSize,
        Mean = Mean,
        Std = Std,
        Filter = Interpolation switch
        {
            "bicubic" => ResampleFilter.Bicubic,
            "bilinear" => ResampleFilter.Bilinear,
            _ => throw Unknown("interpolation", Interpolation, "bicubic or bilinear"),
        },
        Resize = ResizeMode switch
        {
            "shortest" => Clip.ResizeMode.Shortest,
            "squash" => Clip.ResizeMode.Squash,
            _ => throw Unknown("resize_mode", ResizeMode, "shortest or squash"),
        },
    };

    internal FlowKitException Unknown(string field, string value, string expected) =>
        new(FlowErrorCode.InvalidArgument, $"The card of model '{Name}' has {field} '{value}'; expected {expected}.");
}
