using System.Collections.Concurrent;

namespace FlowKit.Imaging.Resampling;

/// <summary>
/// For each wanted output pixel of one axis: where its neighbours begin, and their weights in 22-bit fixed point
/// (Pillow's <c>precompute_coeffs</c> and <c>normalize_coeffs_8bpc</c>).
/// </summary>
/// <remarks>
/// For vectors each weight <c>w</c> is also kept as <c>w = high × 4096 + low</c> with both parts in 16 bits: two 16-bit multiply-adds
/// give exactly the 32-bit sum.
/// </remarks>
internal sealed class ResampleWeights
{
    /// <summary>Bits of the low part of a weight.</summary>
    internal const int LowBits = 12;

    /// <summary>Fraction bits of a weight.</summary>
    internal const int FractionBits = 22;

    private const int CacheLimit = 256;

    /// <summary>The weights of an axis that are kept: those of a picture of some 15,000 pixels. Others are seldom, and large.</summary>
    private const int MaxKept = 64 << 10;

    /// <summary>The weights of an axis at most.</summary>
    private const int MaxWeights = 32 << 20;

    private static readonly ConcurrentDictionary<(PixelWindow, ResampleFilter), ResampleWeights> Cache = new();

    private readonly int[] _weights;
    private readonly int[] _counts;

    private ResampleWeights(PixelWindow window, ResampleFilter filter)
    {
        var scale = (double)window.Input / window.Output;
        var widening = Math.Max(scale, 1.0);
        var support = SupportOf(window, filter);
        Taps = (int)TapsOf(window, filter);
        Starts = new int[window.Count];
        _counts = new int[window.Count];
        _weights = new int[window.Count * Taps];
        var raw = new double[Taps];
        for (var i = 0; i < window.Count; i++)
        {
            var center = (window.Start + i + 0.5) * scale;
            var first = Math.Max(0, (int)(center - support + 0.5));
            var last = Math.Min(window.Input, (int)(center + support + 0.5));
            var some = raw.AsSpan(0, last - first);
            Normalised(some, first - center + 0.5, 1.0 / widening, filter);
            Round(some, _weights.AsSpan(i * Taps));
            Starts[i] = first;
            _counts[i] = some.Length;
            End = Math.Max(End, last);
        }

        PairCount = (_counts.Max() + 1) / 2;
        Pairs = new int[window.Count * PairCount * 2];
        for (var i = 0; i < window.Count; i++)
        {
            Pair(At(i), Pairs.AsSpan(i * PairCount * 2));
        }
    }

    /// <summary>At least as many as the weights of any output pixel.</summary>
    internal int Taps { get; }

    /// <summary>The first neighbour of each output pixel.</summary>
    internal int[] Starts { get; }

    /// <summary>The index after the last input pixel that is needed.</summary>
    internal int End { get; }

    /// <summary>Pairs of weights per output pixel; where a pixel has fewer weights the rest is zero.</summary>
    internal int PairCount { get; }

    /// <summary>For each pair of weights two numbers: both high parts, then both low parts, the first weight in the lower half.</summary>
    internal int[] Pairs { get; }

    /// <summary>
    /// Input pixels that <see cref="Pairs"/> covers, counted from an output pixel's start; it may go past <see cref="End"/>.
    /// </summary>
    internal int Reach => 2 * PairCount;

    /// <summary>The weights of one output pixel.</summary>
    internal ReadOnlySpan<int> At(int pixel) => _weights.AsSpan(pixel * Taps, _counts[pixel]);

    /// <summary>The weights for an axis, computed once.</summary>
    internal static ResampleWeights Of(PixelWindow window, ResampleFilter filter)
    {
        var weights = TapsOf(window, filter) * window.Count;
        if (weights > MaxKept)
        {
            return weights <= MaxWeights
                ? new ResampleWeights(window, filter)
                : throw TooNarrow(window.Input, 1);
        }

        if (Cache.Count >= CacheLimit)
        {
            Cache.Clear();
        }

        return Cache.GetOrAdd((window, filter), static key => new ResampleWeights(key.Item1, key.Item2));
    }

    /// <summary>Makes the error for a picture whose sides differ too much.</summary>
    internal static FlowKitException TooNarrow(int width, int height) => new(
        FlowErrorCode.InvalidArgument, $"The image is too long and narrow to be resized: {Math.Max(width, height)} pixels on one side.");

    private static long TapsOf(PixelWindow window, ResampleFilter filter) => (long)Math.Ceiling(SupportOf(window, filter)) * 2 + 1;

    private static double SupportOf(PixelWindow window, ResampleFilter filter) =>
        Math.Max((double)window.Input / window.Output, 1.0) * (filter == ResampleFilter.Bicubic ? 2.0 : 1.0);

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

    private static void Round(ReadOnlySpan<double> weights, Span<int> rounded)
    {
        for (var x = 0; x < weights.Length; x++)
        {
            var scaled = weights[x] * (1 << FractionBits);
            rounded[x] = (int)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
    }

    private static void Pair(ReadOnlySpan<int> weights, Span<int> pairs)
    {
        for (var x = 0; x < weights.Length; x++)
        {
            var shift = 16 * (x % 2);
            pairs[x / 2 * 2] |= (ushort)(weights[x] >> LowBits) << shift;
            pairs[(x / 2 * 2) + 1] |= (weights[x] & ((1 << LowBits) - 1)) << shift;
        }
    }

    private static double Cubic(double x)
    {
        const double a = -0.5;
        return x switch
        {
            < 1.0 => ((((a + 2.0) * x) - (a + 3.0)) * x * x) + 1.0,
            < 2.0 => ((((x - 5.0) * x) + 8.0) * x - 4.0) * a,
            _ => 0.0,
        };
    }
}
