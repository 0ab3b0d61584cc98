using FlowKit.Clip;

namespace FlowKit.Executors;

/// <summary>An executor's share in a model: every executor of the process that names the same model uses the same sessions.</summary>
internal sealed class ClipShare : IDisposable
{
    /// <summary>The executors cut their batches themselves, so the model runs what it is given in one call.</summary>
    private const int MaxBatch = 1024;

    private readonly ClipModelLease _lease;

    private ClipShare(ClipModelLease lease) => _lease = lease;

    public ClipModel Model => _lease.Model;

    /// <summary>Opens a model by its built-in name, or by a path that starts at the flow's folder.</summary>
    public static Task<ClipShare> OpenAsync(
        ClipEncoderOptions options, ExecutorContext context, ClipTowers tower, CancellationToken cancellationToken) =>
        Task.Run(
            () => new ClipShare(
                ClipModelCache.Acquire(
                    Resolve(options.ChosenModel, context.BaseDirectory),
                    ToModelOptions(options, context, tower))),
            cancellationToken);

    private static ClipModelOptions ToModelOptions(ClipEncoderOptions options, ExecutorContext context, ClipTowers tower) => new()
    {
        Device = options.Provider == "tensorrt" ? context.Device.Replace("cuda", "tensorrt", StringComparison.Ordinal) : context.Device,
        FallbackToCpu = options.Fallback == "cpu",
        Variant = options.ChosenVariant.Length > 0 ? options.ChosenVariant : null,
        Tuning = options.Tuning,
        InferenceThreads = options.Threads,
        PreprocessingThreads = options.NumWorkerPreprocess,
        GpuMemoryLimit = options.GpuMemLimit,
        OptimizedCache = options.OptimizedCache.Length > 0 ? Path.GetFullPath(options.OptimizedCache, context.BaseDirectory) : null,
        TextCacheBytes = tower.HasFlag(ClipTowers.Text) ? options.CacheBytes : 0,
        ImageCacheBytes = tower.HasFlag(ClipTowers.Image) ? options.CacheBytes : 0,
        Load = tower,
        MaxBatch = MaxBatch,
    };

    public static string Resolve(string model, string baseDirectory)
    {
        var path = Path.GetFullPath(model, baseDirectory);
        return Path.Exists(path) ? path : model;
    }

    /// <summary>Gives a document its embedding and the stamp of the model.</summary>
    public void Stamp(Document document, float[] embedding)
    {
        document.Embedding = NdArray.Wrap(embedding);
        document.Metadata[EmbeddingModel.Key] = Model.ModelId;
    }

    public void Dispose() => _lease.Dispose();
}
