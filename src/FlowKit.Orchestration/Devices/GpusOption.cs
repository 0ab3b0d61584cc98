using System.Globalization;

namespace FlowKit.Orchestration.Devices;

/// <summary>
/// Jina's <c>gpus</c>, which it hands to Docker: <c>all</c>, a count, or <c>device=ID,device=ID2,driver=…,capabilities=…</c>, of which
/// driver and capabilities mean nothing without a container.
/// </summary>
/// <param name="Count">How many; <see langword="null"/> for all or for those named.</param>
/// <param name="Names">Ordinals or UUIDs; empty for all or for a count.</param>
internal sealed record GpusOption(int? Count, IReadOnlyList<string> Names)
{
    /// <summary>Reads the value.</summary>
    /// <exception cref="FlowKitException">It has none of the forms.</exception>
    public static GpusOption Parse(string value)
    {
        var trimmed = value.Trim();
        if (int.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
        {
            return count > 0 ? new GpusOption(count, []) : throw Unreadable(value);
        }

        if (trimmed == "all")
        {
            return new GpusOption(null, []);
        }

        var names = new List<string>();
        foreach (var entry in trimmed.Split(',', StringSplitOptions.TrimEntries))
        {
            var cut = entry.IndexOf('=', StringComparison.Ordinal);
            if (cut < 0 || cut == entry.Length - 1 || entry[..cut] is not ("device" or "driver" or "capabilities"))
            {
                throw Unreadable(value);
            }

            if (entry[..cut] == "device")
            {
                names.Add(entry[(cut + 1)..]);
            }
        }

        return new GpusOption(null, names);
    }

    private static FlowKitException Unreadable(string value) =>
        new(FlowErrorCode.InvalidArgument, $"gpus: '{value}' cannot be read; expected all, a count from 1, or device=0,device=GPU-….");
}
