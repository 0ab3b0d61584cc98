using System.ComponentModel.DataAnnotations;
using FlowKit.Clip;

namespace FlowKit.Executors;

/// <summary>What <c>uses_with</c> sets of every CLIP encoder.</summary>
public abstract partial class ClipEncoderOptions
{
    /// <summary>A built-in model's name, the name of one that was pulled, or a model folder, relative to the flow.</summary>
    [Required]
    public string Model { get; set; } = "tiny-clip";

    /// <summary>Documents in one call of the model; 32. A request may ask for fewer.</summary>
    [Range(1, 1024)]
    public int BatchSize { get; set; } = 32;

    /// <summary>Which documents.</summary>
    public string AccessPaths { get; set; } = "@r";

    /// <summary>Embed again what has an embedding; off.</summary>
    public bool OverwriteEmbeddings { get; set; }

    /// <summary><c>cpu</c>: run on the CPU when the device is not there, instead of failing.</summary>
    [AllowedValues("", "cpu", ErrorMessage = "expected cpu")]
    public string Fallback { get; set; } = "";

    /// <summary>Which of several precisions to take: <c>fp32</c>, <c>fp16</c>, <c>int8</c>, …; by default the most exact one.</summary>
    public string Variant { get; set; } = "";

    /// <summary><c>throughput</c>, or <c>latency</c> for an executor that has its cores to itself.</summary>
    public ClipTuning Tuning { get; set; }

    /// <summary>Threads of one call of the model; 0 for one per core.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>What runs a GPU: <c>cuda</c> or <c>tensorrt</c>.</summary>
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
}
