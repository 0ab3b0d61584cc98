using System.Globalization;
using FlowKit.Configuration.Executors;

namespace FlowKit.Orchestration.Devices;

/// <summary>The devices that one executor asks for.</summary>
/// <param name="Executor">Its name.</param>
internal sealed record GpuRequest(string Executor)
{
    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>. Default <c>cpu</c>, which <see cref="Gpus"/> makes <c>cuda</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Its <c>gpus</c>; <see langword="null"/> when not given.</summary>
    public string? Gpus { get; init; }

    /// <summary><c>CUDA_VISIBLE_DEVICES</c> of its <c>env</c>; <see langword="null"/> for the one of this process.</summary>
    public string? VisibleDevices { get; init; }

    /// <summary><c>cpu</c> to run there when the device is not there; <see langword="null"/> for an error.</summary>
    public string? Fallback { get; init; }

    /// <summary>The number of shards that it has.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>The number of replicas that each shard has.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>
    /// Tells what it takes of each device it runs on, however many replicas share it there; <see langword="null"/> when not known.
    /// </summary>
    public long? MemoryBytes { get; init; }

    /// <summary>ONNX Runtime's name for the most that a model takes of a device.</summary>
    private const string MemoryLimit = "gpu_mem_limit";

    /// <summary>Tells what an entry of the flow asks for; what its model takes is known when its options limit it.</summary>
    /// <param name="config">The entry.</param>
    public static GpuRequest Of(ExecutorConfig config) => new(config.Name)
    {
        Device = config.Device,
        Gpus = config.Gpus,
        VisibleDevices = config.Env.TryGetValue(CudaVisibleDevices.Variable, out var visible) ? visible : null,
        Fallback = config.Fallback,
        Shards = config.ShardId is null ? config.Shards : 1,
        Replicas = config.Replicas,
        MemoryBytes = config.UsesWith.TryGetPropertyValue(MemoryLimit, out var limit)
            && long.TryParse(limit?.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            && bytes > 0
            ? bytes
            : null,
    };

    /// <summary>Tells whether it asks for a GPU at all, so that a machine without such executors need not be probed.</summary>
    public bool WantsGpu => Device != "cpu" || Gpus is not null;
}
