using System.Numerics.Tensors;
using FlowKit.Clip.Models;
using FlowKit.Imaging;

namespace FlowKit.Clip;

/// <summary>
/// The card of a model, <c>model.json</c> in its folder: everything that differs between models and that a graph does not say.
/// </summary>
public sealed record ClipModelCard
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version of the model; a hash of its files when no card states one.</summary>
    public string Revision { get; init; } = "1";

    /// <summary>A description of the model for people.</summary>
    public string? Description { get; init; }

    /// <summary>The licence of its weights.</summary>
    public string? License { get; init; }

    /// <summary>Values per embedding; 0 where only the graph knows.</summary>
    public int Dimension { get; init; }

    /// <summary>
    /// The lengths to which an embedding may be cut, since the model was trained for them (Matryoshka representation learning,
    /// arXiv:2205.13147); empty for none. The key is that of Hugging Face's <c>config.json</c>.
    /// </summary>
    public IReadOnlyList<int> MatryoshkaDimensions { get; init; } = [];

    /// <summary>The side of the square picture, in pixels.</summary>
    public int ImageSize { get; init; } = ClipImageSpec.OpenAi.Size;

    /// <summary>The mean of red, green, blue on a scale of 0 to 1.</summary>
    public IReadOnlyList<float> Mean { get; init; } = ClipImageSpec.OpenAi.Mean;

    /// <summary>The standard deviation of red, green, blue.</summary>
    public IReadOnlyList<float> Std { get; init; } = ClipImageSpec.OpenAi.Std;

    /// <summary>The resampling filter: <c>bicubic</c> or <c>bilinear</c>.</summary>
    public string Interpolation { get; init; } = "bicubic";

    /// <summary>
    /// The way a picture becomes square: <c>shortest</c> (and crop), <c>squash</c>, or <c>longest</c> (and pad with
    /// <see cref="FillColor"/>).
    /// </summary>
    public string ResizeMode { get; init; } = "shortest";

    /// <summary>The value of red, green and blue, 0 to 255, around a picture that is padded.</summary>
    public byte FillColor { get; init; }

    /// <summary>Ids per text.</summary>
    public int ContextLength { get; init; } = 77;

    /// <summary>
    /// The kind of tokenizer: <c>clip_bpe</c>, <c>bert</c> (WordPiece), <c>sentencepiece</c> (Unigram, or BPE over characters) or
    /// <c>byte_bpe</c>; empty where the vocabulary file is to say it.
    /// </summary>
    public string Tokenizer { get; init; } = "";

    /// <summary>
    /// The cleaning of a text before it is split: <c>openai</c>, <c>huggingface</c>, <c>canonicalize</c> or <c>none</c> (what the tokenizer
    /// itself does).
    /// </summary>
    public string TextCleaning { get; init; } = "openai";

    /// <summary>Indicates whether texts are made lower case first.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>The id that fills a text up to its length.</summary>
    public int PadId { get; init; }

    /// <summary>
    /// Indicates whether the padding of a text changes its embedding, as it does when the text tower is not causal: every text is then
    /// padded to <see cref="ContextLength"/>.
    /// </summary>
    public bool PadToContext { get; init; }

    /// <summary>
    /// The position from which the text tower takes the embedding: <c>eos_argmax</c> (the first highest id), <c>eos_first</c>, <c>last</c>,
    /// <c>cls</c> or <c>mean</c>. The graph does the pooling; texts are cut and padded so that it finds that position.
    /// </summary>
    public string Pooling { get; init; } = "eos_argmax";

    /// <summary>
    /// The activation the weights were trained with: <c>quick_gelu</c>, <c>gelu</c> or <c>gelu_tanh</c>; empty where it is not known.
    /// <c>flowkit models doctor</c> looks for it in the graph.
    /// </summary>
    public string Activation { get; init; } = "";

    /// <summary>The factor of a cosine before softmax or sigmoid; 100 by default, as in OpenAI's models.</summary>
    public float LogitScale { get; init; } = 100f;

    /// <summary>The summand of the logits, for models trained with a sigmoid; 0 by default.</summary>
    public float LogitBias { get; init; }

    /// <summary>
    /// Indicates whether <see cref="LogitScale"/> and <see cref="LogitBias"/> are the model's own; off when they are not published.
    /// </summary>
    public bool ScaleStated { get; init; } = true;

    /// <summary>
    /// The function that turns logits into probabilities: <c>softmax</c> over the candidates, or <c>sigmoid</c> of each alone.
    /// </summary>
    public string Scoring { get; init; } = "softmax";

    /// <summary>Indicates whether the graphs give embeddings of length 1.</summary>
    public bool Normalized { get; init; }

    /// <summary>The model's files.</summary>
    public ClipModelFiles Files { get; init; } = new();

    /// <summary>
    /// The SHA-256 of files by their path within the folder, for <c>flowkit models verify</c>; they are not looked at when the model is
    /// opened.
    /// </summary>
    public IReadOnlyDictionary<string, string> Checksums { get; init; } = new Dictionary<string, string>();

    /// <summary>Inputs with their expected embeddings, checked when a tower is loaded.</summary>
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
        FillColor = FillColor,
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
            "longest" => Clip.ResizeMode.Longest,
            _ => throw Unknown("resize_mode", ResizeMode, "shortest, squash or longest"),
        },
    };

    /// <summary>Turns cosines into probabilities by softmax or sigmoid, with the model's own scale and bias.</summary>
    /// <param name="cosines">The candidates' cosines.</param>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.FailedPrecondition"/>: nobody has stated the model's scale.</exception>
    public float[] Probabilities(ReadOnlySpan<float> cosines)
    {
        CheckScale();
        return Scoring switch
        {
            "softmax" => ClipScoring.Softmax(cosines, LogitScale, LogitBias),
            "sigmoid" => ClipScoring.Sigmoid(cosines, LogitScale, LogitBias),
            _ => throw Unknown("scoring", Scoring, "softmax or sigmoid"),
        };
    }

    /// <summary>Cuts an embedding to its first values and scales it to length 1, where the model was trained for that.</summary>
    /// <param name="embedding">The embedding, whole.</param>
    /// <param name="dimensions">The number of values that stay.</param>
    /// <returns>The embedding itself when it has that number already; otherwise a new one of length 1.</returns>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.InvalidArgument"/>: the model was not trained for it.</exception>
    public float[] Shorten(float[] embedding, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        if (dimensions == embedding.Length)
        {
            return embedding;
        }

        if (dimensions > embedding.Length || !MatryoshkaDimensions.Contains(dimensions))
        {
            var others = MatryoshkaDimensions.Where(length => length < embedding.Length).Order().ToList();
            var allowed = others.Count == 0
                ? $"its embeddings cannot be shortened ({ClipModelFolder.CardFile} names no matryoshka_dimensions)"
                : $"they may be cut to {string.Join(", ", others)}";
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"embeddings of {dimensions} numbers are asked for, and those of the model '{Name}' have {embedding.Length}; {allowed}.");
        }

        var cut = embedding[..dimensions];
        var norm = TensorPrimitives.Norm(cut);
        if (norm > 0)
        {
            TensorPrimitives.Divide(cut, norm, cut);
        }

        return cut;
    }

    /// <summary>Checks that cosines of this model can become probabilities.</summary>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.FailedPrecondition"/>: nobody has stated the model's scale.</exception>
    public void CheckScale()
    {
        if (!ScaleStated)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"The model '{Name}' has no logit_scale: its makers' value is not in the registry, and another model's would give"
                + $" false probabilities. State logit_scale and logit_bias in {ClipModelFolder.CardFile};"
                + " `flowkit models doctor` measures them where the folder holds a graph with both towers.");
        }
    }

    internal FlowKitException Unknown(string field, string value, string expected) =>
        new(FlowErrorCode.InvalidArgument, $"The card of model '{Name}' has {field} '{value}'; expected {expected}.");
}
