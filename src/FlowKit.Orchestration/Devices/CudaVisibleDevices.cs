using System.Globalization;

namespace FlowKit.Orchestration.Devices;

/// <summary>
/// A value of <c>CUDA_VISIBLE_DEVICES</c>. CUDA's own form is a list of ordinals or UUIDs, in which <c>-1</c> ends it. Jina's form begins
/// with <c>RR</c> and gives each replica one device in turn: <c>RR</c> of all, <c>RR1:3</c> of a Python slice, <c>RR2</c> of one,
/// <c>RR0,2,3</c> and <c>RRGPU-…,GPU-…</c> of a list.
/// </summary>
internal sealed class CudaVisibleDevices
{
    /// <summary>The variable.</summary>
    public const string Variable = "CUDA_VISIBLE_DEVICES";

    private const string Prefix = "RR";

    private readonly string[] _names;
    private readonly DeviceSlice? _slice;

    private CudaVisibleDevices(bool inTurn, string[] names, DeviceSlice? slice) => (InTurn, _names, _slice) = (inTurn, names, slice);

    /// <summary>Tells whether each replica gets one device, in turn; otherwise each gets all.</summary>
    public bool InTurn { get; }

    /// <summary>Tells whether a value is of Jina's form.</summary>
    public static bool IsRoundRobin(string value) => value.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Reads a value.</summary>
    /// <param name="value">As it is written; empty for no device.</param>
    /// <exception cref="FlowKitException">It has none of the forms.</exception>
    public static CudaVisibleDevices Parse(string value)
    {
        if (!IsRoundRobin(value))
        {
            var names = value.Split(',', StringSplitOptions.TrimEntries).TakeWhile(name => name is not ("" or "-1")).ToArray();
            return new CudaVisibleDevices(false, [.. names.Select(name => Check(name, value))], null);
        }

        var rest = value[Prefix.Length..].Trim();
        rest = rest is ['[', .. var inner, ']'] ? inner.Trim() : rest;
        if (rest.Length == 0)
        {
            return new CudaVisibleDevices(true, [], new DeviceSlice(null, null, 1));
        }

        if (rest.Contains(',', StringComparison.Ordinal) || !rest.Contains(':', StringComparison.Ordinal))
        {
            var names = rest.Split(',', StringSplitOptions.TrimEntries).Select(name => Check(name, value));
            return new CudaVisibleDevices(true, [.. names], null);
        }

        return new CudaVisibleDevices(true, [], DeviceSlice.Parse(rest) ?? throw Unreadable(value));
    }

    /// <summary>The names it stands for, as ordinals or UUIDs; a slice is cut to what is there, a list is not.</summary>
    /// <param name="devices">How many devices there are.</param>
    public IReadOnlyList<string> Select(int devices) =>
        _slice is { } slice ? [.. slice.Select(devices).Select(ordinal => ordinal.ToString(CultureInfo.InvariantCulture))] : _names;

    /// <summary>
    /// Jina's table, widened to shards: the device of each pod, replicas of shard 0 first, then those of shard 1; <see langword="null"/>
    /// when the value gives no turns or there is no device.
    /// </summary>
    /// <param name="devices">How many devices there are.</param>
    /// <param name="shards">How many shards there are.</param>
    /// <param name="replicas">How many replicas each has.</param>
    public IReadOnlyList<string>? Assign(int devices, int shards, int replicas)
    {
        if (!InTurn || devices == 0 || Select(devices) is not { Count: > 0 } names)
        {
            return null;
        }

        return [.. Enumerable.Range(0, shards * replicas).Select(pod => names[pod % names.Count])];
    }

    private static string Check(string name, string value) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '/' or '_') ? name : throw Unreadable(value);

    private static FlowKitException Unreadable(string value) => new(
        FlowErrorCode.InvalidArgument,
        $"{Variable}: '{value}' cannot be read; expected ordinals or UUIDs (0,1 or GPU-…), or RR with nothing, a slice (RR1:3), or a "
            + $"list (RR0,2 or RRGPU-…,GPU-…) behind it.");
}
