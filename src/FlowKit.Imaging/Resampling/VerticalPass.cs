using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowKit.Imaging.Resampling;

/// <summary>Resizes along columns: each output row is a weighted sum of input rows, 16 or 32 bytes at a time.</summary>
internal static class VerticalPass
{
    private const int Half = 1 << (ResampleWeights.FractionBits - 1);

    /// <summary>Writes one row of <paramref name="rowBytes"/> per output pixel of <paramref name="weights"/>.</summary>
    /// <param name="source">
    /// Rows of <paramref name="stride"/> bytes, the first of them being row <paramref name="firstRow"/>, and behind the last one
    /// <see cref="ResampleWeights.Reach"/> rows of anything: they are read, but their weight is zero.
    /// </param>
    /// <param name="stride">Bytes per source row, a multiple of 32.</param>
    /// <param name="firstRow">The number of the first row in <paramref name="source"/>.</param>
    /// <param name="weights">The rows' weights.</param>
    /// <param name="rowBytes">Bytes per target row.</param>
    /// <param name="target">Receives the rows without padding.</param>
    /// <param name="vectors">Vectors that this CPU has.</param>
    internal static void Run(
        ReadOnlySpan<byte> source,
        int stride,
        int firstRow,
        ResampleWeights weights,
        int rowBytes,
        Span<byte> target,
        VectorWidth vectors)
    {
        Span<byte> wide = new byte[stride];
        for (var y = 0; y < weights.Starts.Length; y++)
        {
            var rows = source.Slice((weights.Starts[y] - firstRow) * stride, weights.Reach * stride);
            var row = target.Slice(y * rowBytes, rowBytes);
            if (vectors == VectorWidth.None)
            {
                Scalar(rows, stride, weights.At(y), row);
            }
            else
            {
                OneRow(rows, stride, weights, y, wide, vectors);
                wide[..rowBytes].CopyTo(row);
            }
        }
    }

    private static unsafe void OneRow(
        ReadOnlySpan<byte> source,
        int stride,
        ResampleWeights weights,
        int y,
        Span<byte> wide,
        VectorWidth vectors)
    {
        fixed (byte* rows = source, to = wide)
        fixed (int* pairs = weights.Pairs)
        {
            var weight = pairs + (y * weights.PairCount * 2);
            if (vectors == VectorWidth.Bits512)
            {
                Wide(rows, stride, weight, weights.PairCount, to);
            }
            else
            {
                Vectors(rows, stride, weight, weights.PairCount, to);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Vectors(byte* rows, nint stride, int* weights, int pairs, byte* to)
    {
        for (nint x = 0; x < stride; x += 16)
        {
            Vector256<int> highA = default, highB = default;
            var lowA = Vector256.Create(Half);
            var lowB = lowA;
            var at = rows + x;
            var weight = weights;
            for (var left = pairs; left > 0; left--, at += 2 * stride, weight += 2)
            {
                var a = Vector128.Load(at);
                var b = Vector128.Load(at + stride);
                var one = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(a, b));
                var two = Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(a, b));
                var high = Vector256.Create(weight[0]).AsInt16();
                var low = Vector256.Create(weight[1]).AsInt16();
                highA += Avx2.MultiplyAddAdjacent(one, high);
                highB += Avx2.MultiplyAddAdjacent(two, high);
                lowA += Avx2.MultiplyAddAdjacent(one, low);
                lowB += Avx2.MultiplyAddAdjacent(two, low);
            }

            // Packing works within 128-bit halves, so the halves are put in order first.
            var sumA = ((highA << ResampleWeights.LowBits) + lowA) >> ResampleWeights.FractionBits;
            var sumB = ((highB << ResampleWeights.LowBits) + lowB) >> ResampleWeights.FractionBits;
            var words = Avx2.PackSignedSaturate(Avx2.Permute2x128(sumA, sumB, 0x20), Avx2.Permute2x128(sumA, sumB, 0x31));
            Sse2.PackUnsignedSaturate(words.GetLower(), words.GetUpper()).Store(to + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Wide(byte* rows, nint stride, int* weights, int pairs, byte* to)
    {
        for (nint x = 0; x < stride; x += 32)
        {
            Vector512<int> highA = default, highB = default;
            var lowA = Vector512.Create(Half);
            var lowB = lowA;
            var at = rows + x;
            var weight = weights;
            for (var left = pairs; left > 0; left--, at += 2 * stride, weight += 2)
            {
                var a = Vector256.Load(at);
                var b = Vector256.Load(at + stride);
                var one = Avx512BW.ConvertToVector512Int16(Avx2.UnpackLow(a, b));
                var two = Avx512BW.ConvertToVector512Int16(Avx2.UnpackHigh(a, b));
                var high = Vector512.Create(weight[0]).AsInt16();
                var low = Vector512.Create(weight[1]).AsInt16();
                highA += Avx512BW.MultiplyAddAdjacent(one, high);
                highB += Avx512BW.MultiplyAddAdjacent(two, high);
                lowA += Avx512BW.MultiplyAddAdjacent(one, low);
                lowB += Avx512BW.MultiplyAddAdjacent(two, low);
            }

            // Interleaving worked within 128-bit lanes: A holds bytes 0-7 and 16-23, B holds 8-15 and 24-31.
            var bytesA = Bytes((highA << ResampleWeights.LowBits) + lowA).AsInt64();
            var bytesB = Bytes((highB << ResampleWeights.LowBits) + lowB).AsInt64();
            Vector256.Create(Sse2.UnpackLow(bytesA, bytesB), Sse2.UnpackHigh(bytesA, bytesB)).AsByte().Store(to + x);
        }
    }

    private static Vector128<byte> Bytes(Vector512<int> sums) =>
        Avx512F.ConvertToVector128ByteWithSaturation(Vector512.Max(sums >> ResampleWeights.FractionBits, Vector512<int>.Zero).AsUInt32());

    private static void Scalar(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> taps, Span<byte> to)
    {
        for (var x = 0; x < to.Length; x++)
        {
            var sum = Half;
            for (var tap = 0; tap < taps.Length; tap++)
            {
                sum += rows[(tap * stride) + x] * taps[tap];
            }

            to[x] = (byte)Math.Clamp(sum >> ResampleWeights.FractionBits, 0, 255);
        }
    }
}
