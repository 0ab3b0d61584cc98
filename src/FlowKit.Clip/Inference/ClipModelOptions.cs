namespace FlowKit.Clip;

/// <summary>How to run a model.</summary>
public sealed record ClipModelOptions
{
    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Whether to run on the CPU where the device is not there; otherwise that is an error.</summary>
    public bool FallbackToCpu { get; init; }

    /// <summary>Threads of one inference call; 0 takes one per physical core.</summary>
    public int InferenceThreads { get; init; }

    /// <summary>Threads that preprocess one batch of pictures; 0 takes one per core.</summary>
    public int PreprocessingThreads { get; init; }

    /// <summary>The most texts or pictures per call of a graph; longer lists are cut into several calls.</summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>The towers to load on opening (those that the model lacks are left out); the others load when first used.</summary>
    public ClipTowers Load { get; init; } = ClipTowers.Both;

    /// <summary>Whether a loaded tower must give the answers stored in the model's card.</summary>
    public bool SelfTest { get; init; } = true;
}
