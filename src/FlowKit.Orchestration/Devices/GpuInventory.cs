using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowKit.Orchestration.Devices;

/// <summary>The GPUs of this machine in the order of <c>nvidia-smi</c>.</summary>
/// <param name="gpus">The GPUs.</param>
internal sealed partial class GpuInventory(IReadOnlyList<GpuDevice> gpus)
{
    private const long Mebibyte = 1 << 20;

    /// <summary>A machine without a GPU.</summary>
    public static GpuInventory None { get; } = new([]);

    /// <summary>The GPUs.</summary>
    public IReadOnlyList<GpuDevice> Gpus { get; } = gpus;

    /// <summary>GPUs of which only the number is known, as <c>CUDA_TOTAL_DEVICES</c> says it.</summary>
    /// <param name="count">How many.</param>
    public static GpuInventory OfCount(int count) => new([.. Enumerable.Repeat(new GpuDevice("GPU"), count)]);

    /// <summary>Reads what <c>nvidia-smi</c> prints.</summary>
    /// <param name="list">Of <c>nvidia-smi -L</c>: a line for each GPU and, below it, one for each MIG device.</param>
    /// <param name="memory">
    /// Of <c>nvidia-smi --query-gpu=uuid,memory.total --format=csv,noheader,nounits</c>, in MiB; empty when unknown.
    /// </param>
    public static GpuInventory Parse(string list, string memory = "")
    {
        var sizes = MemoryLine().Matches(memory).ToDictionary(
            match => match.Groups["uuid"].Value,
            match => long.Parse(match.Groups["size"].ValueSpan, CultureInfo.InvariantCulture) * Mebibyte,
            StringComparer.OrdinalIgnoreCase);
        var gpus = new List<GpuDevice>();
        foreach (Match match in DeviceLine().Matches(list))
        {
            var (name, uuid) = (match.Groups["name"].Value, match.Groups["uuid"].Value);
            if (match.Groups["gpu"].Success)
            {
                gpus.Add(new GpuDevice(name, uuid, sizes.TryGetValue(uuid, out var size) ? size : null));
            }
            else if (gpus.Count > 0)
            {
                gpus[^1] = gpus[^1] with { Slices = [.. gpus[^1].Slices, new GpuDevice($"MIG {name}", uuid)] };
            }
        }

        return new GpuInventory(gpus);
    }

    /// <summary>
    /// Tells what CUDA shows to a process, by its ordinals, under a <c>CUDA_VISIBLE_DEVICES</c>: it reads numbers and beginnings of UUIDs
    /// up to the first that names nothing, and shows one MIG device at most, and then nothing else (NVIDIA's MIG user guide, "Device
    /// Enumeration").
    /// </summary>
    /// <param name="mask">
    /// The variable of this process; <see langword="null"/> and <c>RR…</c>, which is no word of CUDA's, hide nothing.
    /// </param>
    public VisibleGpus Show(string? mask)
    {
        var shown = mask is null || CudaVisibleDevices.IsRoundRobin(mask)
            ? Gpus
            : [.. mask.Split(',').Select(Find).TakeWhile(device => device is not null).Select(device => device!)];
        var slice = shown
            .Select(FirstSlice)
            .FirstOrDefault(device => device is not null);
        return new VisibleGpus(slice is null ? shown : [slice], mask);
    }

    private GpuDevice? Find(string name)
    {
        const NumberStyles Ordinal =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (int.TryParse(name, Ordinal, CultureInfo.InvariantCulture, out var index))
        {
            return Gpus.ElementAtOrDefault(index);
        }

        var all = new VisibleGpus([.. Gpus.SelectMany(gpu => gpu.Slices.Prepend(gpu))]);
        return all.FindByUuid(name.Trim()) is [var only] ? only.Device : null;
    }

    private static GpuDevice? FirstSlice(GpuDevice device)
    {
        if (IsSlice(device))
        {
            return device;
        }

        return device.Slices is [var first, ..] ? first : null;
    }

    private static bool IsSlice(GpuDevice device) => device.Uuid?.StartsWith("MIG-", StringComparison.OrdinalIgnoreCase) == true;

    [GeneratedRegex(
        @"^\s*((?<gpu>GPU)\s+\d+:\s*(?<name>[^\r\n]*?)|MIG\s+(?<name>\S+)\s+Device\s+\d+:)\s*\(UUID:\s*(?<uuid>[^)\s]+)\)",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex DeviceLine();

    [GeneratedRegex(@"^\s*(?<uuid>GPU-[^,\s]+)\s*,\s*(?<size>\d+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex MemoryLine();
}
