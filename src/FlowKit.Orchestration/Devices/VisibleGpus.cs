using System.Globalization;

namespace FlowKit.Orchestration.Devices;

/// <summary>The devices that CUDA shows to this process: the <c>N</c> of <c>cuda:N</c> is the place in this list.</summary>
/// <param name="devices">The devices by ordinal.</param>
/// <param name="mask"><c>CUDA_VISIBLE_DEVICES</c> of this process, for errors.</param>
internal sealed class VisibleGpus(IReadOnlyList<GpuDevice> devices, string? mask = null)
{
    /// <summary>Their number.</summary>
    public int Count => devices.Count;

    /// <summary>A device by its ordinal.</summary>
    public GpuDevice this[int ordinal] => devices[ordinal];

    /// <summary>The ordinal of a device.</summary>
    /// <param name="name">An ordinal, or the beginning of a UUID that no other device's has.</param>
    /// <exception cref="FlowKitException">There is none, or there are several; the message says what is there.</exception>
    public int Find(string name)
    {
        if (int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ordinal))
        {
            return ordinal >= 0 && ordinal < Count ? ordinal : throw NotThere($"cuda:{ordinal}");
        }

        return FindByUuid(name) switch
        {
            [var (found, _)] => found,
            [] => throw NotThere(name),
            var several =>
                throw new FlowKitException(
                    FlowErrorCode.FailedPrecondition,
                    $"'{name}' could be {string.Join(" or ", several.Select(one => $"cuda:{one.Ordinal}"))}; {Describe()}."),
        };
    }

    /// <summary>All devices whose UUID begins so.</summary>
    public IReadOnlyList<(int Ordinal, GpuDevice Device)> FindByUuid(string beginning) =>
    [
        .. devices.Select((device, ordinal) => (ordinal, device)).Where(pair =>
            beginning.Length > 0 && pair.device.Uuid?.StartsWith(beginning, StringComparison.OrdinalIgnoreCase) == true),
    ];

    /// <summary>Tells what is there, for a person: <c>this process sees cuda:0 (NVIDIA A100, GPU-…)</c>.</summary>
    public string Describe()
    {
        var seen = devices.Select(
            (device, ordinal) => $"cuda:{ordinal} ({(device.Uuid is null ? device.Name : $"{device.Name}, {device.Uuid}")})");
        var under = mask is null ? "" : $" under its CUDA_VISIBLE_DEVICES '{mask}'";
        return $"this process sees {(Count == 0 ? "no GPU" : string.Join(", ", seen))}{under}";
    }

    private FlowKitException NotThere(string name)
    {
        var hint = name.StartsWith("MIG-", StringComparison.OrdinalIgnoreCase)
            ? "; CUDA shows one MIG device to a process, the one that CUDA_VISIBLE_DEVICES names when the process starts"
            : "";
        return new FlowKitException(FlowErrorCode.FailedPrecondition, $"{name} is not there: {Describe()}{hint}.");
    }
}
