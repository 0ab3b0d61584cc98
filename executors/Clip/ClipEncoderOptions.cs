using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using FlowKit.Clip;

namespace FlowKit.Executors;

/// <summary>
/// The options that <c>uses_with</c> sets of every CLIP encoder; the arguments of Jina's CLIP encoders and of clip-as-service are taken by
/// their own names too.
/// </summary>
public abstract class ClipEncoderOptions : IValidatableObject
{
    /// <summary>A built-in model's name, the name of one that was pulled, or a model folder, relative to the flow.</summary>
    [Required]
    public string Model { get; set; } = "tiny-clip";

    /// <summary>Documents in one call of the model; 32. A request may ask for fewer.</summary>
    [Range(1, 1024)]
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// The access path of the documents that are embedded: <c>@r</c>, the documents of the request themselves, by default.
    /// </summary>
    public string AccessPaths { get; set; } = "@r";

    /// <summary>Embed again what has an embedding; off.</summary>
    public bool OverwriteEmbeddings { get; set; }

    /// <summary><c>cpu</c>: run on the CPU when the device is not there, instead of failing.</summary>
    [AllowedValues("", "cpu", ErrorMessage = "expected cpu")]
    public string Fallback { get; set; } = "";

    /// <summary>The precision to take of several: <c>fp32</c>, <c>fp16</c>, <c>int8</c>, …; by default the most exact one.</summary>
    public string Variant { get; set; } = "";

    /// <summary><c>throughput</c>, or <c>latency</c> for an executor that has its cores to itself.</summary>
    public ClipTuning Tuning { get; set; }

    /// <summary>Threads of one call of the model; 0 for one per core.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>The ONNX Runtime provider that runs a GPU: <c>cuda</c> or <c>tensorrt</c>.</summary>
    [AllowedValues("cuda", "tensorrt", ErrorMessage = "expected cuda or tensorrt")]
    public string Provider { get; set; } = "cuda";

    /// <summary>Bytes of GPU memory for one tower; 0 for as many as it likes.</summary>
    [Range(0, long.MaxValue)]
    public long GpuMemLimit { get; set; }

    /// <summary>A folder, relative to the flow, for optimised graphs that make the next start faster; none by default.</summary>
    public string OptimizedCache { get; set; } = "";

    /// <summary>Bytes for embeddings that were made before; 0 keeps none.</summary>
    [Range(0, long.MaxValue)]
    public long CacheBytes { get; set; }

    /// <summary>Batch sizes to run once at the start; by default 1 and <see cref="BatchSize"/>.</summary>
    public IReadOnlyList<int> WarmUp { get; set; } = [];

    /// <summary>clip-as-service's name of <see cref="Model"/>.</summary>
    public string? Name { get; set; }

    /// <summary>The name of <see cref="Model"/> in Jina's first encoder.</summary>
    public string? ModelName { get; set; }

    /// <summary>The name of <see cref="Model"/> in Jina's later encoders.</summary>
    public string? PretrainedModelNameOrPath { get; set; }

    /// <summary>A model folder; as in clip-as-service it counts more than the name.</summary>
    public string? ModelPath { get; set; }

    /// <summary>clip-as-service's name of <see cref="BatchSize"/>.</summary>
    [Range(1, 1024)]
    public int? MinibatchSize { get; set; }

    /// <summary>The name of <see cref="BatchSize"/> in Jina's first encoder.</summary>
    [Range(1, 1024)]
    public int? DefaultBatchSize { get; set; }

    /// <summary>The old name of <see cref="AccessPaths"/>: text, or a list.</summary>
    public JsonElement? TraversalPaths { get; set; }

    /// <summary>The name of <see cref="AccessPaths"/> in Jina's first encoder: text, or a list.</summary>
    public JsonElement? DefaultTraversalPaths { get; set; }

    /// <summary>clip-as-service's name of <see cref="Variant"/>: <c>fp32</c> or <c>fp16</c>.</summary>
    [AllowedValues(null, "fp32", "fp16", ErrorMessage = "expected fp32 or fp16")]
    public string? Dtype { get; set; }

    /// <summary>Threads that decode and prepare pictures; 0 for one per core.</summary>
    [Range(0, 1024)]
    public int NumWorkerPreprocess { get; set; }

    /// <summary>Tokens per text, which has to be what the model takes.</summary>
    public int? MaxLength { get; set; }

    /// <summary>Not said here: an entry's own <c>device</c> is planned together with its replicas.</summary>
    public string? Device { get; set; }

    /// <summary>Only <c>false</c>: there is no TorchScript.</summary>
    public bool? Jit { get; set; }

    /// <summary>Nothing: a model's folder says how its pictures are prepared.</summary>
    public string? BaseFeatureExtractor { get; set; }

    /// <summary>Nothing: a model's folder holds its vocabulary.</summary>
    public string? BaseTokenizerModel { get; set; }

    /// <summary>Nothing: weights come as ONNX.</summary>
    public string? FinetunedCheckpointPath { get; set; }

    internal string ChosenModel => ModelPath ?? Name ?? ModelName ?? PretrainedModelNameOrPath ?? Model;

    private string OptionOfModel
    {
        get
        {
            (string Option, string? Value)[] options =
            [
                (nameof(ModelPath), ModelPath), (nameof(Name), Name), (nameof(ModelName), ModelName),
                (nameof(PretrainedModelNameOrPath), PretrainedModelNameOrPath),
            ];
            return Array.Find(options, option => option.Value is not null).Option ?? nameof(Model);
        }
    }

    internal int ChosenBatchSize => MinibatchSize ?? DefaultBatchSize ?? BatchSize;

    internal string ChosenPaths => EncodeParameters.PathOf(TraversalPaths) ?? EncodeParameters.PathOf(DefaultTraversalPaths) ?? AccessPaths;

    internal string ChosenVariant => Dtype ?? Variant;

    /// <summary>
    /// Checks options against each other: two names of one option with different values, and arguments of Jina or clip-as-service that have
    /// no meaning here.
    /// </summary>
    /// <param name="validationContext">Says where the model is looked for, where options are checked without a start.</param>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. ModelLookup.Check(ChosenModel, OptionOfModel, validationContext),
        .. Differ(
            (nameof(Model), Model == "tiny-clip" ? null : Model),
            (nameof(Name), Name),
            (nameof(ModelName), ModelName),
            (nameof(PretrainedModelNameOrPath), PretrainedModelNameOrPath)),
        .. Differ(
            (nameof(BatchSize), BatchSize == 32 ? null : BatchSize),
            (nameof(MinibatchSize), MinibatchSize),
            (nameof(DefaultBatchSize), DefaultBatchSize)),
        .. Differ(
            (nameof(AccessPaths), AccessPaths == "@r" ? null : AccessPaths.TrimStart('@')),
            (nameof(TraversalPaths), EncodeParameters.PathOf(TraversalPaths)?.TrimStart('@')),
            (nameof(DefaultTraversalPaths), EncodeParameters.PathOf(DefaultTraversalPaths)?.TrimStart('@'))),
        .. Differ((nameof(Variant), Variant.Length > 0 ? Variant : null), (nameof(Dtype), Dtype)),
        .. Unreadable(nameof(TraversalPaths), TraversalPaths),
        .. Unreadable(nameof(DefaultTraversalPaths), DefaultTraversalPaths),
        .. Refuse(
            nameof(Device),
            Device is not (null or "cpu"),
            "a device is said beside uses, where it is planned together with the replicas: write 'device: cuda:1' there"),
        .. Refuse(nameof(Jit), Jit == true, "there is no TorchScript here: a graph is optimised when it is loaded; leave it out"),
        .. Refuse(
            nameof(BaseFeatureExtractor),
            BaseFeatureExtractor is not null,
            "the model's folder says how pictures are prepared (model.json or preprocessor_config.json); leave it out"),
        .. Refuse(nameof(BaseTokenizerModel), BaseTokenizerModel is not null, "the model's folder holds its own vocabulary; leave it out"),
        .. Refuse(
            nameof(FinetunedCheckpointPath),
            FinetunedCheckpointPath is not null,
            "a PyTorch checkpoint cannot be loaded; export both towers to ONNX and name their folder in 'model'"),
    ];

    /// <summary>A mistake of one option.</summary>
    private protected static IEnumerable<ValidationResult> Refuse(string property, bool isWrong, string message) =>
        isWrong ? [new ValidationResult(message, [property])] : [];

    private static IEnumerable<ValidationResult> Unreadable(string property, JsonElement? paths) =>
        Refuse(
            property,
            paths is { ValueKind: not JsonValueKind.Null } && EncodeParameters.PathOf(paths) is null,
            "expected an access path or a list of them");

    private static IEnumerable<ValidationResult> Differ(params (string Property, object? Value)[] said)
    {
        var given = said.Where(each => each.Value is not null).ToList();
        return given
            .Skip(1)
            .Where(each => !Equals(each.Value, given[0].Value))
            .Select(each =>
                new ValidationResult(
                    $"it is another name of '{JsonNamingPolicy.SnakeCaseLower.ConvertName(given[0].Property)}',"
                    + " which says otherwise; keep one of them",
                    [each.Property]));
    }
}
