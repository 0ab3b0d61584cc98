using System.Globalization;

namespace FlowKit.Orchestration.Devices;

/// <summary>The executors on each device.</summary>
/// <param name="gpus">The devices.</param>
internal sealed class DeviceUse(VisibleGpus gpus)
{
    private const double Gibibyte = 1 << 30;

    private readonly int[] _pods = new int[gpus.Count];
    private readonly List<GpuRequest>[] _executors = [.. Enumerable.Range(0, gpus.Count).Select(_ => new List<GpuRequest>())];

    /// <summary>The devices that the fewest pods are on, those with the lowest ordinals among equals.</summary>
    /// <param name="count">How many.</param>
    public IReadOnlyList<int> Freest(int count) =>
        [.. Enumerable.Range(0, _pods.Length).OrderBy(ordinal => _pods[ordinal]).Take(count).Order()];

    /// <summary>Puts an executor's pods on its devices.</summary>
    public void Add(GpuRequest request, IReadOnlyList<int> ordinals)
    {
        for (var pod = 0; ordinals.Count > 0 && pod < request.Shards * request.Replicas; pod++)
        {
            var ordinal = ordinals[pod % ordinals.Count];
            _pods[ordinal]++;
            if (!_executors[ordinal].Contains(request))
            {
                _executors[ordinal].Add(request);
            }
        }
    }

    /// <summary>A warning for each device whose memory is less than what is known to be wanted of it.</summary>
    public IEnumerable<GpuProblem> FindOverfull()
    {
        for (var ordinal = 0; ordinal < gpus.Count; ordinal++)
        {
            var known = _executors[ordinal].Where(request => request.MemoryBytes is not null).ToList();
            var wanted = known.Sum(request => request.MemoryBytes!.Value);
            if (gpus[ordinal].MemoryBytes is { } there && wanted > there)
            {
                var who = string.Join(" and ", known.Select(request => $"{request.Executor} ({Format(request.MemoryBytes!.Value)})"));
                yield return new GpuProblem(
                    known[^1].Executor,
                    IsError: false,
                    $"device: {who} together need {Format(wanted)} of cuda:{ordinal}, which has {Format(there)}.");
            }
        }
    }

    private static string Format(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Gibibyte:0.#} GiB");
}
