using System.Collections.Concurrent;

namespace FlowKit.Imaging;

/// <summary>
/// For each wanted output pixel of one axis: where its neighbours begin, and their weights in 22-bit fixed point
/// (Pillow's <c>precompute_coeffs</c> and <c>normalize_coeffs_8bpc</c>).
/// </summary>
/// <remarks>
/// Each weight <c>w</c> is kept as <c>w = High × 4096 + Low</c> with both parts in 16 bits, so that two 16-bit multiply-adds
/// give exactly the 32-bit sum; taps are padded with zeros to a multiple of <see cref="Group"/>.
/// </remarks>
internal sealed class ResampleWeights
{
    /// <summary>Taps come in groups of this many.</summary>
    internal const int Group = 4;

    /// <summary>Bits of the low part of a weight.</summary>
    internal const int LowBits = 12;

    /// <summary>Fraction bits of a weight.</summary>
    internal const int FractionBits = 22;

    private const int CacheLimit = 256;

    private static readonly ConcurrentDictionary<(PixelWindow, ResampleFilter), ResampleWeights> Cache = new();

    private ResampleWeights(PixelWindow window, ResampleFilter filter)
    {
        var scale = (double)window.Input / window.Output;
        var widening = Math.Max(scale, 1.0);
        var support = widening * (filter == ResampleFilter.Bicubic ? 2.0 : 1.0);
        var most = (int)Math.Ceiling(support) * 2 + 1;
        Taps = (most + Group - 1) / Group * Group;
        Starts = new int[window.Count];
        High = new short[window.Count * Taps];
        Low = new short[window.Count * Taps];
        var raw = new double[most];
        for (var i = 0; i < window.Count; i++)
        {
            var center = (window.Start + i + 0.5) * scale;
            var first = Math.Max(0, (int)(center - support + 0.5));
            var last = Math.Min(window.Input, (int)(center + support + 0.5));
            Starts[i] = first;
            Normalised(raw.AsSpan(0, last - first), first - center + 0.5, 1.0 / widening, filter);
            Split(raw.AsSpan(0, last - first), i * Taps);
            Longest = Math.Max(Longest, last - first);
            End = Math.Max(End, last);
        }
    }

    /// <summary>Weights stored per output pixel.</summary>
    internal int Taps { get; }

    /// <summary>The largest number of weights that any pixel really has.</summary>
    internal int Longest { get; }

    /// <summary>The first neighbour of each output pixel.</summary>
    internal int[] Starts { get; }

    /// <summary>One past the last input pixel that is needed.</summary>
    internal int End { get; }

    /// <summary>The weights' upper parts, <see cref="Taps"/> per pixel.</summary>
    internal short[] High { get; }

    /// <summary>The weights' lower 12 bits, <see cref="Taps"/> per pixel.</summary>
    internal short[] Low { get; }

    /// <summary>The weights for an axis, computed once.</summary>
    internal static ResampleWeights Of(PixelWindow window, ResampleFilter filter)
    {
        if (Cache.Count >= CacheLimit)
        {
            Cache.Clear();
        }

        return Cache.GetOrAdd((window, filter), static key => new ResampleWeights(key.Item1, key.Item2));
    }

    private static void Normalised(Span<double> weights, double offset, double shrink, ResampleFilter filter)
    {
        var sum = 0.0;
        for (var x = 0; x < weights.Length; x++)
        {
            var distance = Math.Abs((x + offset) * shrink);
            weights[x] = filter == ResampleFilter.Bicubic ? Cubic(distance) : Math.Max(0, 1.0 - distance);
            sum += weights[x];
        }

        for (var x = 0; x < weights.Length && sum != 0.0; x++)
        {
            weights[x] /= sum;
        }
    }

    private void Split(ReadOnlySpan<double> weights, int at)
    {
        for (var x = 0; x < weights.Length; x++)
        {
            var scaled = weights[x] * (1 << FractionBits);
            var rounded = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
            High[at + x] = (short)(rounded >> LowBits);
            Low[at + x] = (short)(rounded & ((1 << LowBits) - 1));
        }
    }

    private static double Cubic(double x)
    {
        const double a = -0.5;
        return x < 1.0 ? ((((a + 2.0) * x) - (a + 3.0)) * x * x) + 1.0
            : x < 2.0 ? ((((x - 5.0) * x) + 8.0) * x - 4.0) * a
            : 0.0;
    }
}
