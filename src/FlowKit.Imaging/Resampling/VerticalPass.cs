using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowKit.Imaging;

/// <summary>Resizes along columns: each output row is a weighted sum of input rows, 16 or 32 bytes at a time.</summary>
internal static class VerticalPass
{
    private const int Half = 1 << (ResampleWeights.FractionBits - 1);

    /// <summary>Writes one row of <paramref name="rowBytes"/> per output pixel of <paramref name="weights"/>.</summary>
    /// <param name="source">Rows of <paramref name="stride"/> bytes, the first of them being row <paramref name="firstRow"/>.</param>
    /// <param name="stride">Bytes per source row, a multiple of 32.</param>
    /// <param name="firstRow">The number of the first row in <paramref name="source"/>.</param>
    /// <param name="rowCount">Rows in <paramref name="source"/>.</param>
    /// <param name="weights">The rows' weights.</param>
    /// <param name="rowBytes">Bytes per target row.</param>
    /// <param name="target">Receives the rows without padding.</param>
    internal static void Run(ReadOnlySpan<byte> source, int stride, int firstRow, int rowCount, ResampleWeights weights, int rowBytes, Span<byte> target)
    {
        Span<byte> wide = new byte[stride];
        for (var y = 0; y < weights.Starts.Length; y++)
        {
            var start = weights.Starts[y] - firstRow;
            var row = target.Slice(y * rowBytes, rowBytes);
            if (Avx512BW.IsSupported)
            {
                Wide(source, stride, start, rowCount, weights, y * weights.Taps, wide);
                wide[..rowBytes].CopyTo(row);
            }
            else if (Avx2.IsSupported)
            {
                Vectors(source, stride, start, rowCount, weights, y * weights.Taps, wide);
                wide[..rowBytes].CopyTo(row);
            }
            else
            {
                Scalar(source, stride, start, rowCount, weights, y * weights.Taps, row);
            }
        }
    }

    private static void Vectors(ReadOnlySpan<byte> source, int stride, int start, int rowCount, ResampleWeights weights, int at, Span<byte> wide)
    {
        ref var first = ref MemoryMarshal.GetReference(source);
        ref var high = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(weights.High), at);
        ref var low = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(weights.Low), at);
        for (var x = 0; x < stride; x += 16)
        {
            Vector256<int> highA = default, highB = default;
            var lowA = Vector256.Create(Half);
            var lowB = lowA;
            for (var tap = 0; tap < weights.Longest; tap += 2)
            {
                // Beyond the last row the weight is zero: any row will do.
                var upper = Math.Min(start + tap, rowCount - 1);
                var lower = Math.Min(start + tap + 1, rowCount - 1);
                var a = Vector128.LoadUnsafe(ref first, (nuint)((upper * stride) + x));
                var b = Vector128.LoadUnsafe(ref first, (nuint)((lower * stride) + x));
                var left = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(a, b));
                var right = Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(a, b));
                var h = Vector256.Create(Unsafe.As<short, int>(ref Unsafe.Add(ref high, tap))).AsInt16();
                var l = Vector256.Create(Unsafe.As<short, int>(ref Unsafe.Add(ref low, tap))).AsInt16();
                highA += Avx2.MultiplyAddAdjacent(left, h);
                highB += Avx2.MultiplyAddAdjacent(right, h);
                lowA += Avx2.MultiplyAddAdjacent(left, l);
                lowB += Avx2.MultiplyAddAdjacent(right, l);
            }

            Store(((highA << ResampleWeights.LowBits) + lowA) >> ResampleWeights.FractionBits, ((highB << ResampleWeights.LowBits) + lowB) >> ResampleWeights.FractionBits, ref wide[x]);
        }
    }

    private static void Wide(ReadOnlySpan<byte> source, int stride, int start, int rowCount, ResampleWeights weights, int at, Span<byte> wide)
    {
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(source), start * stride);
        ref var high = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(weights.High), at);
        ref var low = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(weights.Low), at);
        var taps = weights.Longest;
        var last = rowCount - 1 - start;
        for (var x = 0; x < stride; x += 32)
        {
            Vector512<int> highA = default, highB = default;
            var lowA = Vector512.Create(Half);
            var lowB = lowA;
            for (var tap = 0; tap < taps; tap += 2)
            {
                ref var upper = ref Unsafe.Add(ref first, (Math.Min(tap, last) * stride) + x);
                ref var lower = ref Unsafe.Add(ref first, (Math.Min(tap + 1, last) * stride) + x);
                var a = Vector256.LoadUnsafe(ref upper);
                var b = Vector256.LoadUnsafe(ref lower);
                var left = Avx512BW.ConvertToVector512Int16(Avx2.UnpackLow(a, b));
                var right = Avx512BW.ConvertToVector512Int16(Avx2.UnpackHigh(a, b));
                var h = Vector512.Create(Unsafe.As<short, int>(ref Unsafe.Add(ref high, tap))).AsInt16();
                var l = Vector512.Create(Unsafe.As<short, int>(ref Unsafe.Add(ref low, tap))).AsInt16();
                highA += Avx512BW.MultiplyAddAdjacent(left, h);
                highB += Avx512BW.MultiplyAddAdjacent(right, h);
                lowA += Avx512BW.MultiplyAddAdjacent(left, l);
                lowB += Avx512BW.MultiplyAddAdjacent(right, l);
            }

            // Interleaving worked within 128-bit lanes: A holds bytes 0-7 and 16-23, B holds 8-15 and 24-31.
            var bytesA = Bytes((highA << ResampleWeights.LowBits) + lowA).AsInt64();
            var bytesB = Bytes((highB << ResampleWeights.LowBits) + lowB).AsInt64();
            Vector256.Create(Sse2.UnpackLow(bytesA, bytesB), Sse2.UnpackHigh(bytesA, bytesB)).AsByte().StoreUnsafe(ref wide[x]);
        }
    }

    private static Vector128<byte> Bytes(Vector512<int> sums) =>
        Avx512F.ConvertToVector128ByteWithSaturation(Vector512.Max(sums >> ResampleWeights.FractionBits, Vector512<int>.Zero).AsUInt32());

    private static void Store(Vector256<int> left, Vector256<int> right, ref byte target)
    {
        // Packing works within 128-bit halves, so the halves are put in order first.
        var words = Avx2.PackSignedSaturate(Avx2.Permute2x128(left, right, 0x20), Avx2.Permute2x128(left, right, 0x31));
        Sse2.PackUnsignedSaturate(words.GetLower(), words.GetUpper()).StoreUnsafe(ref target);
    }

    private static void Scalar(ReadOnlySpan<byte> source, int stride, int start, int rowCount, ResampleWeights weights, int at, Span<byte> row)
    {
        for (var x = 0; x < row.Length; x++)
        {
            var sum = Half;
            for (var tap = 0; tap < weights.Longest && start + tap < rowCount; tap++)
            {
                sum += source[((start + tap) * stride) + x] * ((weights.High[at + tap] << ResampleWeights.LowBits) + weights.Low[at + tap]);
            }

            row[x] = (byte)Math.Clamp(sum >> ResampleWeights.FractionBits, 0, 255);
        }
    }
}
