using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowKit.Executors.Scan;

/// <summary>
/// Dot products of many rows with many queries, in tiles of 4 rows and 4 queries, so that each number that is read is multiplied four
/// times. A pair's score is the same bit for bit in every tile: pages and batches do not change an order.
/// </summary>
internal static class DotKernel
{
    /// <summary>The number of values that one step takes: rows and queries are as long as a multiple of it, filled up with zeros.</summary>
    public const int Step = 16;

    private const int Tile = 4;

    /// <summary>The length of a row of vectors with so many dimensions.</summary>
    public static int PaddedLength(int dimension) => (dimension + Step - 1) / Step * Step;

    /// <summary>Scores every row with every query.</summary>
    /// <param name="rows">The rows, one after another.</param>
    /// <param name="queries">The queries, one after another.</param>
    /// <param name="length">The padded length of each.</param>
    /// <param name="scores">The scores: of the first query with every row, then of the second.</param>
    public static void Score(ReadOnlySpan<float> rows, ReadOnlySpan<float> queries, int length, Span<float> scores) =>
        Score(rows, queries, length, scores, rows.Length / length);

    /// <summary>Scores every row with every query, where the rows are some of more.</summary>
    /// <param name="rows">The rows, one after another.</param>
    /// <param name="queries">The queries, one after another.</param>
    /// <param name="length">The padded length of each.</param>
    /// <param name="scores">The scores, beginning at those of the first query.</param>
    /// <param name="stride">The number of scores from those of a query to those of the next.</param>
    public static void Score(ReadOnlySpan<float> rows, ReadOnlySpan<float> queries, int length, Span<float> scores, int stride)
    {
        var (rowCount, queryCount) = (rows.Length / length, queries.Length / length);
        var row = 0;
        for (; row + Tile <= rowCount; row += Tile)
        {
            var tile = rows.Slice(row * length, Tile * length);
            var query = 0;
            for (; query + Tile <= queryCount; query += Tile)
            {
                Score4x4(tile, queries.Slice(query * length, Tile * length), length, scores[((query * stride) + row)..], stride);
            }

            for (; query < queryCount; query++)
            {
                Score4x1(tile, queries.Slice(query * length, length), length, scores[((query * stride) + row)..]);
            }
        }

        for (; row < rowCount; row++)
        {
            for (var query = 0; query < queryCount; query++)
            {
                scores[(query * stride) + row] = Score(rows.Slice(row * length, length), queries.Slice(query * length, length));
            }
        }
    }

    /// <summary>The dot product of a row and a query.</summary>
    public static float Score(ReadOnlySpan<float> row, ReadOnlySpan<float> query)
    {
        ref var r = ref MemoryMarshal.GetReference(row);
        ref var q = ref MemoryMarshal.GetReference(query);
        var sum = Vector512<float>.Zero;
        for (nuint i = 0; i < (nuint)query.Length; i += Step)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref r, i), Vector512.LoadUnsafe(ref q, i), sum);
        }

        return Vector512.Sum(sum);
    }

    /// <summary>
    /// Scores four rows that lie anywhere with a query: their reads overlap, and so do the sums, each of which waits for the one before.
    /// </summary>
    /// <param name="row0">The first value of the first row.</param>
    /// <param name="row1">The first value of the second row.</param>
    /// <param name="row2">The first value of the third row.</param>
    /// <param name="row3">The first value of the fourth row.</param>
    /// <param name="query">The query.</param>
    /// <param name="scores">The four scores.</param>
    public static void Score(
        ref float row0, ref float row1, ref float row2, ref float row3, ReadOnlySpan<float> query, Span<float> scores) =>
        Score4x1(ref row0, ref row1, ref row2, ref row3, query, scores);

    private static void Score4x1(ReadOnlySpan<float> rows, ReadOnlySpan<float> query, int length, Span<float> scores)
    {
        ref var row0 = ref MemoryMarshal.GetReference(rows);
        ref var row1 = ref Unsafe.Add(ref row0, length);
        ref var row2 = ref Unsafe.Add(ref row1, length);
        Score4x1(ref row0, ref row1, ref row2, ref Unsafe.Add(ref row2, length), query, scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Score4x1(ref float r0, ref float r1, ref float r2, ref float r3, ReadOnlySpan<float> query, Span<float> scores)
    {
        ref var q0 = ref MemoryMarshal.GetReference(query);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (nuint i = 0; i < (nuint)query.Length; i += Step)
        {
            var q = Vector512.LoadUnsafe(ref q0, i);
            s0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref r0, i), q, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref r1, i), q, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref r2, i), q, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref r3, i), q, s3);
        }

        Write(scores, s0, s1, s2, s3);
    }

    private static void Score4x4(ReadOnlySpan<float> rows, ReadOnlySpan<float> queries, int length, Span<float> scores, int stride)
    {
        ref var r0 = ref MemoryMarshal.GetReference(rows);
        ref var q0 = ref MemoryMarshal.GetReference(queries);
        nuint n = (nuint)length, n2 = 2 * n, n3 = 3 * n;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector512<float> d0 = default, d1 = default, d2 = default, d3 = default;
        for (nuint i = 0; i < n; i += Step)
        {
            var x0 = Vector512.LoadUnsafe(ref r0, i);
            var x1 = Vector512.LoadUnsafe(ref r0, i + n);
            var x2 = Vector512.LoadUnsafe(ref r0, i + n2);
            var x3 = Vector512.LoadUnsafe(ref r0, i + n3);
            var q = Vector512.LoadUnsafe(ref q0, i);
            a0 = Vector512.FusedMultiplyAdd(x0, q, a0);
            a1 = Vector512.FusedMultiplyAdd(x1, q, a1);
            a2 = Vector512.FusedMultiplyAdd(x2, q, a2);
            a3 = Vector512.FusedMultiplyAdd(x3, q, a3);
            q = Vector512.LoadUnsafe(ref q0, i + n);
            b0 = Vector512.FusedMultiplyAdd(x0, q, b0);
            b1 = Vector512.FusedMultiplyAdd(x1, q, b1);
            b2 = Vector512.FusedMultiplyAdd(x2, q, b2);
            b3 = Vector512.FusedMultiplyAdd(x3, q, b3);
            q = Vector512.LoadUnsafe(ref q0, i + n2);
            c0 = Vector512.FusedMultiplyAdd(x0, q, c0);
            c1 = Vector512.FusedMultiplyAdd(x1, q, c1);
            c2 = Vector512.FusedMultiplyAdd(x2, q, c2);
            c3 = Vector512.FusedMultiplyAdd(x3, q, c3);
            q = Vector512.LoadUnsafe(ref q0, i + n3);
            d0 = Vector512.FusedMultiplyAdd(x0, q, d0);
            d1 = Vector512.FusedMultiplyAdd(x1, q, d1);
            d2 = Vector512.FusedMultiplyAdd(x2, q, d2);
            d3 = Vector512.FusedMultiplyAdd(x3, q, d3);
        }

        Write(scores, a0, a1, a2, a3);
        Write(scores[stride..], b0, b1, b2, b3);
        Write(scores[(2 * stride)..], c0, c1, c2, c3);
        Write(scores[(3 * stride)..], d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(
        Span<float> scores, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3)
    {
        scores[3] = Vector512.Sum(s3);
        scores[0] = Vector512.Sum(s0);
        scores[1] = Vector512.Sum(s1);
        scores[2] = Vector512.Sum(s2);
    }
}
