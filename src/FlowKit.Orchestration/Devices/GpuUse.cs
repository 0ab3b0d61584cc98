using System.Globalization;

namespace FlowKit.Orchestration.Devices;

/// <summary>The use of a GPU at one moment; <see langword="null"/> for what the driver does not tell.</summary>
/// <param name="Uuid"><c>GPU-…</c>.</param>
/// <param name="Name">What it is.</param>
/// <param name="UsedBytes">Memory that is taken, by whatever process.</param>
/// <param name="TotalBytes">Memory that it has.</param>
/// <param name="Utilization">The share of the last moment in which it was at work, from 0 to 1.</param>
internal sealed record GpuUse(string Uuid, string Name, long? UsedBytes, long? TotalBytes, double? Utilization)
{
    /// <summary>The arguments with which <c>nvidia-smi</c> prints what <see cref="Parse"/> reads.</summary>
    public static readonly string[] Query =
        ["--query-gpu=uuid,memory.used,memory.total,utilization.gpu,name", "--format=csv,noheader,nounits"];

    private const long Mebibyte = 1 << 20;
    private const int Columns = 5;

    /// <summary>Reads a line for each GPU: memory in MiB, utilization in percent, <c>[N/A]</c> and the like for what is not told.</summary>
    public static IReadOnlyList<GpuUse> Parse(string printed) =>
    [
        .. printed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(',', Columns, StringSplitOptions.TrimEntries))
            .Where(columns => columns.Length == Columns && columns[0].StartsWith("GPU-", StringComparison.Ordinal))
            .Select(columns => new GpuUse(
                columns[0], columns[4], Number(columns[1]) * Mebibyte, Number(columns[2]) * Mebibyte, Number(columns[3]) / 100.0)),
    ];

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
