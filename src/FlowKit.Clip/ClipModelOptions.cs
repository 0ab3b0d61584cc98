using FlowKit.Clip.Models;

namespace FlowKit.Clip;

/// <summary>Options for running a model.</summary>
public sealed record ClipModelOptions
{
    /// <summary><c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, <c>tensorrt</c> or <c>tensorrt:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Indicates whether the model runs on the CPU when the device is not available; otherwise that is an error.</summary>
    public bool FallbackToCpu { get; init; }

    /// <summary>Bytes of GPU memory that the runtime may hold for one tower; 0 for as many as it likes.</summary>
    public long GpuMemoryLimit { get; init; }

    /// <summary>
    /// The library of a plug-in execution provider for the GPU; <see langword="null"/> takes the one in the variable
    /// <c>FLOWKIT_CUDA_PLUGIN</c>, or else the provider built into ONNX Runtime.
    /// </summary>
    public string? ProviderLibrary { get; init; }

    /// <summary>
    /// The precision to take of several, as <see cref="ClipModelFolder.Open"/>; <see langword="null"/> takes the most exact one.
    /// </summary>
    public string? Variant { get; init; }

    /// <summary>
    /// Indicates whether a variant is compared with the fp32 files beside it when it is loaded; on by default. See
    /// <see cref="ClipModel.VariantCosines"/>.
    /// </summary>
    public bool MeasureVariant { get; init; } = true;

    /// <summary>A folder for optimised graphs, which make the next start faster; <see langword="null"/> keeps none.</summary>
    public string? OptimizedCache { get; init; }

    /// <summary>
    /// Threads of one inference call; 0 takes one per physical core. One thread gives the most documents per second, since a batch is then
    /// cut into a call for each core, and callers do not wait for each other; a document that comes alone takes longer.
    /// </summary>
    public int InferenceThreads { get; init; }

    /// <summary>
    /// Calls of one tower at a time, others wait. 0 takes as many as <see cref="InferenceThreads"/> leave cores for, and by default two
    /// that share them all: what one call cannot do in parallel, another fills. One for <see cref="ClipTuning.Latency"/> and on a GPU.
    /// </summary>
    public int Concurrency { get; init; }

    /// <summary>Threads that decode and preprocess pictures; 0 takes one per core.</summary>
    public int PreprocessingThreads { get; init; }

    /// <summary>Throughput or latency.</summary>
    public ClipTuning Tuning { get; init; }

    /// <summary>The most texts or pictures per call of a graph; longer lists are cut into several calls.</summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>Bytes for embeddings of texts that were embedded before; 0 keeps none.</summary>
    public long TextCacheBytes { get; init; }

    /// <summary>Bytes for embeddings of picture files that were embedded before; 0 keeps none.</summary>
    public long ImageCacheBytes { get; init; }

    /// <summary>The towers to load on opening (those that the model lacks are left out); the others load when first used.</summary>
    public ClipTowers Load { get; init; } = ClipTowers.Both;

    /// <summary>Indicates whether a loaded tower must reproduce the embeddings stored in the model's card; on by default.</summary>
    public bool SelfTest { get; init; } = true;

    /// <summary>Calls of one tower at a time on a CPU.</summary>
    internal int ConcurrentCalls(int cores) => this switch
    {
        { Concurrency: > 0 } => Concurrency,
        { InferenceThreads: > 0 } => Math.Max(1, cores / InferenceThreads),
        { Tuning: ClipTuning.Latency } => 1,
        _ => Math.Min(2, cores),
    };

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="FlowKitException">One that cannot be meant.</exception>
    internal void Check()
    {
        if (MaxBatch < 1
            || InferenceThreads < 0
            || PreprocessingThreads < 0
            || Concurrency < 0
            || GpuMemoryLimit < 0
            || TextCacheBytes < 0
            || ImageCacheBytes < 0)
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                "A model needs a largest batch of at least 1, and numbers of threads, calls and bytes of at least 0.");
        }

        GraphPrecision.Check(Variant);
    }
}
