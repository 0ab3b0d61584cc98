using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowKit.Imaging;

/// <summary>Resizes along rows. Four rows are done at once where the CPU has AVX-512, two where it has AVX2.</summary>
internal static class HorizontalPass
{
    private const int Half = 1 << (ResampleWeights.FractionBits - 1);

    // A load of four pixels (12 bytes) is 16 bytes wide.
    private const int Overshoot = 4;

    /// <summary>Writes <paramref name="rowCount"/> rows of <paramref name="stride"/> bytes.</summary>
    /// <param name="source">The whole picture.</param>
    /// <param name="sourceStride">Bytes per picture row.</param>
    /// <param name="firstRow">The first picture row that is needed.</param>
    /// <param name="rowCount">How many rows are needed.</param>
    /// <param name="weights">The columns' weights.</param>
    /// <param name="target">Receives the rows.</param>
    /// <param name="stride">Bytes per target row, at least one more than the pixels need.</param>
    internal static void Run(ReadOnlySpan<byte> source, int sourceStride, int firstRow, int rowCount, ResampleWeights weights, Span<byte> target, int stride)
    {
        var step = Avx512BW.IsSupported ? 4 : Avx2.IsSupported ? 2 : 1;
        var reach = sourceStride + (weights.Taps * 3) + Overshoot;
        Span<byte> tail = new byte[step == 1 ? 0 : reach * step];
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
                row += Tail(from, sourceStride, Math.Min(step, rowCount - row), reach, weights, to, stride, step, tail);
            }
        }
    }

    private static int Tail(ReadOnlySpan<byte> from, int sourceStride, int rows, int reach, ResampleWeights weights, Span<byte> to, int stride, int step, Span<byte> copy)
    {
        for (var i = 0; i < rows; i++)
        {
            from.Slice(i * sourceStride, sourceStride).CopyTo(copy[(i * reach)..]);
        }

        Span<byte> result = new byte[stride * step];
        SomeRows(copy, reach, weights, result, stride, step);
        result[..(rows * stride)].CopyTo(to);
        return rows;
    }

    private static void SomeRows(ReadOnlySpan<byte> from, int sourceStride, ResampleWeights weights, Span<byte> to, int stride, int step)
    {
        if (step == 4)
        {
            FourRows(ref MemoryMarshal.GetReference(from), sourceStride, weights, ref MemoryMarshal.GetReference(to), stride);
        }
        else
        {
            TwoRows(ref MemoryMarshal.GetReference(from), sourceStride, weights, ref MemoryMarshal.GetReference(to), stride);
        }
    }

    // Pixels 0 and 1 (then 2 and 3) of four: R0 R1 G0 G1 B0 B1 as 16-bit pairs for multiply-add; -1 gives zero.
    private static Vector128<byte> FirstPair => Vector128.Create(0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, 255);

    private static Vector128<byte> SecondPair => Vector128.Create(6, 255, 9, 255, 7, 255, 10, 255, 8, 255, 11, 255, 255, 255, 255, 255);

    private static void TwoRows(ref byte from, int sourceStride, ResampleWeights weights, ref byte to, int stride)
    {
        var first = Vector256.Create(FirstPair, FirstPair);
        var second = Vector256.Create(SecondPair, SecondPair);
        ref var high = ref Unsafe.As<short, int>(ref MemoryMarshal.GetArrayDataReference(weights.High));
        ref var low = ref Unsafe.As<short, int>(ref MemoryMarshal.GetArrayDataReference(weights.Low));
        var pairs = weights.Taps / 2;
        for (var x = 0; x < weights.Starts.Length; x++)
        {
            var sumHigh = Vector256<int>.Zero;
            var sumLow = Vector256.Create(Half);
            ref var pixel = ref Unsafe.Add(ref from, weights.Starts[x] * 3);
            for (var pair = 0; pair * 2 < weights.Longest; pair += 2)
            {
                var pixels = Vector256.Create(Vector128.LoadUnsafe(ref pixel, (nuint)(pair * 6)), Vector128.LoadUnsafe(ref pixel, (nuint)(sourceStride + (pair * 6))));
                var one = Avx2.Shuffle(pixels, first).AsInt16();
                var two = Avx2.Shuffle(pixels, second).AsInt16();
                var at = (x * pairs) + pair;
                sumHigh += Avx2.MultiplyAddAdjacent(one, Vector256.Create(Unsafe.Add(ref high, at)).AsInt16()) + Avx2.MultiplyAddAdjacent(two, Vector256.Create(Unsafe.Add(ref high, at + 1)).AsInt16());
                sumLow += Avx2.MultiplyAddAdjacent(one, Vector256.Create(Unsafe.Add(ref low, at)).AsInt16()) + Avx2.MultiplyAddAdjacent(two, Vector256.Create(Unsafe.Add(ref low, at + 1)).AsInt16());
            }

            var sum = ((sumHigh << ResampleWeights.LowBits) + sumLow) >> ResampleWeights.FractionBits;
            var words = Avx2.PackSignedSaturate(sum, sum);
            var bytes = Avx2.PackUnsignedSaturate(words, words).AsInt32();
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, x * 3), bytes[0]);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, stride + (x * 3)), bytes[4]);
        }
    }

    private static void FourRows(ref byte from, int sourceStride, ResampleWeights weights, ref byte to, int stride)
    {
        var first = Vector512.Create(Vector256.Create(FirstPair, FirstPair), Vector256.Create(FirstPair, FirstPair));
        var second = Vector512.Create(Vector256.Create(SecondPair, SecondPair), Vector256.Create(SecondPair, SecondPair));
        ref var high = ref Unsafe.As<short, int>(ref MemoryMarshal.GetArrayDataReference(weights.High));
        ref var low = ref Unsafe.As<short, int>(ref MemoryMarshal.GetArrayDataReference(weights.Low));
        var pairs = weights.Taps / 2;
        for (var x = 0; x < weights.Starts.Length; x++)
        {
            var sumHigh = Vector512<int>.Zero;
            var sumLow = Vector512.Create(Half);
            ref var pixel = ref Unsafe.Add(ref from, weights.Starts[x] * 3);
            for (var pair = 0; pair * 2 < weights.Longest; pair += 2)
            {
                ref var at4 = ref Unsafe.Add(ref pixel, pair * 6);
                var pixels = Vector512.Create(
                    Vector256.Create(Vector128.LoadUnsafe(ref at4), Vector128.LoadUnsafe(ref at4, (nuint)sourceStride)),
                    Vector256.Create(Vector128.LoadUnsafe(ref at4, (nuint)sourceStride * 2), Vector128.LoadUnsafe(ref at4, (nuint)sourceStride * 3)));
                var one = Avx512BW.Shuffle(pixels, first).AsInt16();
                var two = Avx512BW.Shuffle(pixels, second).AsInt16();
                var at = (x * pairs) + pair;
                sumHigh += Avx512BW.MultiplyAddAdjacent(one, Vector512.Create(Unsafe.Add(ref high, at)).AsInt16()) + Avx512BW.MultiplyAddAdjacent(two, Vector512.Create(Unsafe.Add(ref high, at + 1)).AsInt16());
                sumLow += Avx512BW.MultiplyAddAdjacent(one, Vector512.Create(Unsafe.Add(ref low, at)).AsInt16()) + Avx512BW.MultiplyAddAdjacent(two, Vector512.Create(Unsafe.Add(ref low, at + 1)).AsInt16());
            }

            var sum = ((sumHigh << ResampleWeights.LowBits) + sumLow) >> ResampleWeights.FractionBits;
            var words = Avx512BW.PackSignedSaturate(sum, sum);
            var bytes = Avx512BW.PackUnsignedSaturate(words, words).AsInt32();
            ref var pixelOut = ref Unsafe.Add(ref to, x * 3);
            Unsafe.WriteUnaligned(ref pixelOut, bytes[0]);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref pixelOut, stride), bytes[4]);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref pixelOut, stride * 2), bytes[8]);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref pixelOut, stride * 3), bytes[12]);
        }
    }

    private static void OneRow(ReadOnlySpan<byte> from, ResampleWeights weights, Span<byte> to)
    {
        for (var x = 0; x < weights.Starts.Length; x++)
        {
            var at = x * weights.Taps;
            for (var channel = 0; channel < 3; channel++)
            {
                var sum = Half;
                var pixel = (weights.Starts[x] * 3) + channel;
                for (var tap = 0; tap < weights.Longest && pixel < from.Length; tap++, pixel += 3)
                {
                    sum += from[pixel] * ((weights.High[at + tap] << ResampleWeights.LowBits) + weights.Low[at + tap]);
                }

                to[(x * 3) + channel] = (byte)Math.Clamp(sum >> ResampleWeights.FractionBits, 0, 255);
            }
        }
    }
}
