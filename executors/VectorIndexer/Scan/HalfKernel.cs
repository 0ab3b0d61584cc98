using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowKit.Executors.Scan;

/// <summary>
/// Dot products of rows in 16 bits with queries of floats, in the order in which <see cref="DotKernel"/> adds: a row that was made floats
/// first has the same score bit for bit.
/// </summary>
internal static class HalfKernel
{
    /// <summary>The number that rows are kept times: their largest value is from this to twice as much.</summary>
    public const float Kept = 16384;

    // A half's bits, moved to a float's place, are 2^-112 of its value. What would be subnormal there is zero in every row, so that no
    // number here is one that a processor is slow with.
    private const float FromBits = (float)(1UL << 56) * (1UL << 56) / Kept;
    private const int FractionShift = 13;
    private const int WithoutCopiesOfSign = unchecked((int)0x8FFFFFFF);
    private const int Tile = 4;

    /// <summary>Scores rows with a query; 4 rows at a time.</summary>
    /// <param name="rows">The rows, one after another.</param>
    /// <param name="query">The query.</param>
    /// <param name="scores">A score for each row.</param>
    public static void Score(ReadOnlySpan<Half> rows, ReadOnlySpan<float> query, Span<float> scores)
    {
        var (row, length) = (0, query.Length);
        for (; row + Tile <= scores.Length; row += Tile)
        {
            Score4x1(rows.Slice(row * length, Tile * length), query, scores[row..]);
        }

        for (; row < scores.Length; row++)
        {
            scores[row] = Score(rows.Slice(row * length, length), query);
        }
    }

    /// <summary>The dot product of a row and a query.</summary>
    public static float Score(ReadOnlySpan<Half> row, ReadOnlySpan<float> query)
    {
        ref var r = ref Bits(row);
        ref var q = ref MemoryMarshal.GetReference(query);
        var sum = Vector512<float>.Zero;
        for (nuint i = 0; i < (nuint)query.Length; i += DotKernel.Step)
        {
            sum = Vector512.FusedMultiplyAdd(Load(ref r, i), Vector512.LoadUnsafe(ref q, i), sum);
        }

        return Vector512.Sum(sum);
    }

    /// <summary>Makes floats of a row, or of many.</summary>
    public static void Read(ReadOnlySpan<Half> rows, Span<float> target)
    {
        ref var r = ref Bits(rows);
        ref var t = ref MemoryMarshal.GetReference(target);
        for (nuint i = 0; i < (nuint)rows.Length; i += DotKernel.Step)
        {
            Load(ref r, i).StoreUnsafe(ref t, i);
        }
    }

    /// <summary>Scores four rows that lie anywhere with a query: their reads overlap, and so do the sums.</summary>
    /// <param name="row0">The first row.</param>
    /// <param name="row1">The second row.</param>
    /// <param name="row2">The third row.</param>
    /// <param name="row3">The fourth row.</param>
    /// <param name="query">The query.</param>
    /// <param name="scores">The four scores.</param>
    public static void Score(
        ReadOnlySpan<Half> row0,
        ReadOnlySpan<Half> row1,
        ReadOnlySpan<Half> row2,
        ReadOnlySpan<Half> row3,
        ReadOnlySpan<float> query,
        Span<float> scores) => Score4x1(ref Bits(row0), ref Bits(row1), ref Bits(row2), ref Bits(row3), query, scores);

    private static void Score4x1(ReadOnlySpan<Half> rows, ReadOnlySpan<float> query, Span<float> scores)
    {
        ref var row0 = ref Bits(rows);
        ref var row1 = ref Unsafe.Add(ref row0, query.Length);
        ref var row2 = ref Unsafe.Add(ref row1, query.Length);
        Score4x1(ref row0, ref row1, ref row2, ref Unsafe.Add(ref row2, query.Length), query, scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Score4x1(ref short r0, ref short r1, ref short r2, ref short r3, ReadOnlySpan<float> query, Span<float> scores)
    {
        ref var q0 = ref MemoryMarshal.GetReference(query);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (nuint i = 0; i < (nuint)query.Length; i += DotKernel.Step)
        {
            var q = Vector512.LoadUnsafe(ref q0, i);
            s0 = Vector512.FusedMultiplyAdd(Load(ref r0, i), q, s0);
            s1 = Vector512.FusedMultiplyAdd(Load(ref r1, i), q, s1);
            s2 = Vector512.FusedMultiplyAdd(Load(ref r2, i), q, s2);
            s3 = Vector512.FusedMultiplyAdd(Load(ref r3, i), q, s3);
        }

        scores[3] = Vector512.Sum(s3);
        scores[0] = Vector512.Sum(s0);
        scores[1] = Vector512.Sum(s1);
        scores[2] = Vector512.Sum(s2);
    }

    private static ref short Bits(ReadOnlySpan<Half> rows) => ref MemoryMarshal.GetReference(MemoryMarshal.Cast<Half, short>(rows));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ref short row, nuint at)
    {
        var narrow = Vector256.LoadUnsafe(ref row, at);
        var wide = Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(narrow) : Widen(narrow);
        return ((wide << FractionShift) & Vector512.Create(WithoutCopiesOfSign)).AsSingle() * Vector512.Create(FromBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector256<short> narrow)
    {
        var (low, high) = Vector256.Widen(narrow);
        return Vector512.Create(low, high);
    }
}
