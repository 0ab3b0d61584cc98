using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowKit.Imaging.Resampling;

/// <summary>Resizes along rows. Four rows are done at once where the CPU has AVX-512, two where it has AVX2.</summary>
internal static class HorizontalPass
{
    private const int Half = 1 << (ResampleWeights.FractionBits - 1);

    // A load of four pixels (12 bytes) is 16 bytes wide, and the last of a pixel's loads may be for two pixels.
    private const int Overshoot = 16;

    // Pixels 0 and 1 (then 2 and 3) of four: R0 R1 G0 G1 B0 B1 as 16-bit pairs for multiply-add; -1 gives zero.
    private static Vector128<byte> FirstPair => Vector128.Create(0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, 255);

    private static Vector128<byte> SecondPair => Vector128.Create(6, 255, 9, 255, 7, 255, 10, 255, 8, 255, 11, 255, 255, 255, 255, 255);

    /// <summary>Writes <paramref name="rowCount"/> rows of <paramref name="stride"/> bytes.</summary>
    /// <param name="source">Rows of the picture, the first of them being row 0 here; bytes behind the last one spare a copy of it.</param>
    /// <param name="sourceStride">Bytes per picture row.</param>
    /// <param name="firstRow">The first picture row that is needed.</param>
    /// <param name="rowCount">The number of rows that are needed.</param>
    /// <param name="weights">The columns' weights.</param>
    /// <param name="target">Receives the rows.</param>
    /// <param name="stride">Bytes per target row, at least one more than the pixels need.</param>
    /// <param name="vectors">Vectors that this CPU has.</param>
    internal static void Run(
        ReadOnlySpan<byte> source,
        int sourceStride,
        int firstRow,
        int rowCount,
        ResampleWeights weights,
        Span<byte> target,
        int stride,
        VectorWidth vectors)
    {
        var step = RowsAtOnce(vectors);
        var reach = sourceStride + (weights.Taps * 3) + Overshoot;
        for (var row = 0; row < rowCount;)
        {
            var from = source[((firstRow + row) * sourceStride)..];
            var to = target[(row * stride)..];
            if (step == 1)
            {
                OneRow(from, weights, to);
                row++;
            }
            else if (row + step <= rowCount && from.Length >= (step - 1) * sourceStride + reach)
            {
                SomeRows(from, sourceStride, weights, to, stride, step);
                row += step;
            }
            else
            {
                // The last rows: a copy with room behind each row, so that wide loads stay inside memory.
                row += Tail(from, sourceStride, Math.Min(step, rowCount - row), reach, weights, to, stride, step);
            }
        }
    }

    private static int RowsAtOnce(VectorWidth vectors) => vectors switch
    {
        VectorWidth.Bits512 => 4,
        VectorWidth.Bits256 => 2,
        _ => 1,
    };

    private static int Tail(
        ReadOnlySpan<byte> from,
        int sourceStride,
        int rows,
        int reach,
        ResampleWeights weights,
        Span<byte> to,
        int stride,
        int step)
    {
        Span<byte> copy = new byte[reach * step];
        for (var i = 0; i < rows; i++)
        {
            from.Slice(i * sourceStride, sourceStride).CopyTo(copy[(i * reach)..]);
        }

        Span<byte> result = new byte[stride * step];
        SomeRows(copy, reach, weights, result, stride, step);
        result[..(rows * stride)].CopyTo(to);
        return rows;
    }

    private static unsafe void SomeRows(
        ReadOnlySpan<byte> from,
        int sourceStride,
        ResampleWeights weights,
        Span<byte> to,
        int stride,
        int step)
    {
        fixed (byte* rows = from, result = to)
        fixed (int* starts = weights.Starts, pairs = weights.Pairs)
        {
            if (step == 4)
            {
                FourRows(rows, sourceStride, starts, weights.Starts.Length, pairs, weights.PairCount, result, stride);
            }
            else
            {
                TwoRows(rows, sourceStride, starts, weights.Starts.Length, pairs, weights.PairCount, result, stride);
            }
        }
    }

    // The loops below are at their best as they are written: waiting for tiers and profiles only delays that.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void TwoRows(byte* rows, nint next, int* starts, int count, int* weight, int pairs, byte* to, nint stride)
    {
        var first = Vector256.Create(FirstPair, FirstPair);
        var second = Vector256.Create(SecondPair, SecondPair);
        for (nint x = 0; x < count; x++, to += 3)
        {
            var high = Vector256<int>.Zero;
            var low = Vector256.Create(Half);
            var at = rows + (starts[x] * (nint)3);
            for (var left = pairs; left > 0; left -= 2, at += 12, weight += 2)
            {
                var pixels = Two(at, next);
                var one = Avx2.Shuffle(pixels, first).AsInt16();
                high += Avx2.MultiplyAddAdjacent(one, Vector256.Create(weight[0]).AsInt16());
                low += Avx2.MultiplyAddAdjacent(one, Vector256.Create(weight[1]).AsInt16());
                if (left > 1)
                {
                    var two = Avx2.Shuffle(pixels, second).AsInt16();
                    high += Avx2.MultiplyAddAdjacent(two, Vector256.Create(weight[2]).AsInt16());
                    low += Avx2.MultiplyAddAdjacent(two, Vector256.Create(weight[3]).AsInt16());
                    weight += 2;
                }
            }

            var sum = ((high << ResampleWeights.LowBits) + low) >> ResampleWeights.FractionBits;
            var words = Avx2.PackSignedSaturate(sum, sum);
            var bytes = Avx2.PackUnsignedSaturate(words, words).AsInt32();
            *(int*)to = bytes[0];
            *(int*)(to + stride) = bytes[4];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void FourRows(byte* rows, nint next, int* starts, int count, int* weight, int pairs, byte* to, nint stride)
    {
        var first = Vector512.Create(Vector256.Create(FirstPair, FirstPair), Vector256.Create(FirstPair, FirstPair));
        var second = Vector512.Create(Vector256.Create(SecondPair, SecondPair), Vector256.Create(SecondPair, SecondPair));
        for (nint x = 0; x < count; x++, to += 3)
        {
            var high = Vector512<int>.Zero;
            var low = Vector512.Create(Half);
            var at = rows + (starts[x] * (nint)3);
            for (var left = pairs; left > 0; left -= 2, at += 12, weight += 2)
            {
                var pixels = Avx512F.InsertVector256(Two(at, next).ToVector512Unsafe(), Two(at + (2 * next), next), 1);
                var one = Avx512BW.Shuffle(pixels, first).AsInt16();
                high += Avx512BW.MultiplyAddAdjacent(one, Vector512.Create(weight[0]).AsInt16());
                low += Avx512BW.MultiplyAddAdjacent(one, Vector512.Create(weight[1]).AsInt16());
                if (left > 1)
                {
                    var two = Avx512BW.Shuffle(pixels, second).AsInt16();
                    high += Avx512BW.MultiplyAddAdjacent(two, Vector512.Create(weight[2]).AsInt16());
                    low += Avx512BW.MultiplyAddAdjacent(two, Vector512.Create(weight[3]).AsInt16());
                    weight += 2;
                }
            }

            var sum = ((high << ResampleWeights.LowBits) + low) >> ResampleWeights.FractionBits;
            var bytes = Avx512F.ConvertToVector128ByteWithSaturation(Vector512.Max(sum, Vector512<int>.Zero).AsUInt32()).AsInt32();
            *(int*)to = bytes[0];
            *(int*)(to + stride) = bytes[1];
            *(int*)(to + (2 * stride)) = bytes[2];
            *(int*)(to + (3 * stride)) = bytes[3];
        }
    }

    private static unsafe Vector256<byte> Two(byte* at, nint next) =>
        Avx2.InsertVector128(Vector128.Load(at).ToVector256Unsafe(), Vector128.Load(at + next), 1);

    private static void OneRow(ReadOnlySpan<byte> from, ResampleWeights weights, Span<byte> to)
    {
        for (var x = 0; x < weights.Starts.Length; x++)
        {
            var taps = weights.At(x);
            for (var channel = 0; channel < 3; channel++)
            {
                var sum = Half;
                var pixel = (weights.Starts[x] * 3) + channel;
                for (var tap = 0; tap < taps.Length && pixel < from.Length; tap++, pixel += 3)
                {
                    sum += from[pixel] * taps[tap];
                }

                to[(x * 3) + channel] = (byte)Math.Clamp(sum >> ResampleWeights.FractionBits, 0, 255);
            }
        }
    }
}
