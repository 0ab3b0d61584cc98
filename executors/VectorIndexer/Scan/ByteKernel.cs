using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowKit.Executors.Scan;

/// <summary>Dot products of rows of 8 bits with a query of 16.</summary>
internal static class ByteKernel
{
    /// <summary>The number of values that one step takes.</summary>
    public const int Step = 32;

    /// <summary>The dot product of a row and a query of the same length, a multiple of <see cref="Step"/>.</summary>
    public static int Dot(ReadOnlySpan<sbyte> row, ReadOnlySpan<short> query)
    {
        ref var r = ref MemoryMarshal.GetReference(row);
        ref var q = ref MemoryMarshal.GetReference(query);
        if (Avx512BW.IsSupported)
        {
            var sum = Vector512<int>.Zero;
            for (nuint i = 0; i < (nuint)query.Length; i += Step)
            {
                var wide = Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref r, i));
                sum += Avx512BW.MultiplyAddAdjacent(wide, Vector512.LoadUnsafe(ref q, i));
            }

            return Vector512.Sum(sum);
        }

        return DotOfHalves(ref r, ref q, (nuint)query.Length);
    }

    private static int DotOfHalves(ref sbyte r, ref short q, nuint length)
    {
        var sum = Vector256<int>.Zero;
        for (nuint i = 0; i < length; i += Step / 2)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref r, i));
            sum += MultiplyAdd(Vector256.Create(low, high), Vector256.LoadUnsafe(ref q, i));
        }

        return Vector256.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> MultiplyAdd(Vector256<short> left, Vector256<short> right)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.MultiplyAddAdjacent(left, right);
        }

        var (leftLow, leftHigh) = Vector256.Widen(left);
        var (rightLow, rightHigh) = Vector256.Widen(right);
        return (leftLow * rightLow) + (leftHigh * rightHigh);
    }
}
