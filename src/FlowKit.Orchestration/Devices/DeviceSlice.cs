using System.Globalization;

namespace FlowKit.Orchestration.Devices;

/// <summary>Python's <c>start:stop:step</c>.</summary>
/// <param name="Start">Where it starts, from the end when negative; <see langword="null"/> for the first.</param>
/// <param name="Stop">Before what it stops; <see langword="null"/> for behind the last.</param>
/// <param name="Step">How far it goes, not 0; backwards when negative.</param>
internal sealed record DeviceSlice(int? Start, int? Stop, int Step)
{
    /// <summary>Reads a slice; <see langword="null"/> when it is none.</summary>
    public static DeviceSlice? Parse(string text)
    {
        var parts = new int?[3];
        var words = text.Split(':', StringSplitOptions.TrimEntries);
        if (words.Length > parts.Length)
        {
            return null;
        }

        for (var i = 0; i < words.Length; i++)
        {
            if (int.TryParse(words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                parts[i] = number;
            }
            else if (words[i].Length > 0)
            {
                return null;
            }
        }

        return parts[2] == 0 ? null : new DeviceSlice(parts[0], parts[1], parts[2] ?? 1);
    }

    /// <summary>The places it takes of a list.</summary>
    /// <param name="count">The list's length.</param>
    public IEnumerable<int> Select(int count)
    {
        var (lowest, highest) = Step > 0 ? (0, count) : (-1, count - 1);
        var stop = Place(Stop, Step > 0 ? highest : lowest);
        for (var i = Place(Start, Step > 0 ? lowest : highest); Step > 0 ? i < stop : i > stop; i += Step)
        {
            yield return i;
        }

        int Place(int? at, int otherwise) =>
            at is not { } place ? otherwise : Math.Clamp(place < 0 ? place + count : place, lowest, highest);
    }
}
