using System.Buffers;
using System.Numerics.Tensors;

namespace FlowKit.Executors.Scan;

/// <summary>
/// The nearest rows by looking at all of them, or at all of a set: a block of rows at a time for all queries, and blocks side by side on
/// all cores where there is enough to do.
/// </summary>
/// <param name="matrix">The vectors.</param>
/// <param name="ids">The ids of the rows.</param>
internal sealed class ExactScan(VectorMatrix matrix, RowIds ids)
{
    /// <summary>Below this, one core is done before a second one has started.</summary>
    private const int ParallelScores = 20_000;

    // Of a block with fewer rows than one in eight, each is scored by itself.
    private const int SparseShare = 8;

    private const int CandidatesPerHit = 4;
    private const int MinCandidates = 32;

    /// <summary>The best hits of each query, best first.</summary>
    public List<RowHit>[] Search(ScanRequest request)
    {
        var live = ids.Count == ids.Rows ? request.Rows : request.Rows ?? ids.Live;
        var queries = request.Queries.Length / matrix.Length;
        if (!request.Exact && matrix.Bytes is { } bytes && matrix.Metric != VectorStores.VectorMetric.L2)
        {
            return [.. Enumerable.Range(0, queries).Select(query => SearchBytes(bytes, request, live, query))];
        }

        var heaps = Start(request, queries);
        var blocks = (ids.Rows + VectorMatrix.BlockRows - 1) / VectorMatrix.BlockRows;
        Run(blocks, (long)ids.Rows * queries, () => Start(request, queries), heaps, (block, own) => Scan(block, request, live, own));
        return [.. heaps.Select(heap => heap.ToSorted())];
    }

    private TopHits[] Start(ScanRequest request, int queries) =>
        [.. Enumerable.Range(0, queries)
            .Select(query => new TopHits(request.Limit, matrix.ToScore(request.Threshold, Query(request, query)), ids))];

    /// <summary>Does something for every block, each worker with heaps of its own that are joined at the end.</summary>
    private static void Run(int blocks, long scores, Func<TopHits[]> start, TopHits[] heaps, Action<int, TopHits[]> scan)
    {
        if (scores < ParallelScores || blocks < 2)
        {
            for (var block = 0; block < blocks; block++)
            {
                scan(block, heaps);
            }

            return;
        }

        Parallel.For(
            0,
            blocks,
            start,
            (block, _, own) =>
            {
                scan(block, own);
                return own;
            },
            own =>
            {
                lock (heaps)
                {
                    for (var query = 0; query < heaps.Length; query++)
                    {
                        heaps[query].Offer(own[query]);
                    }
                }
            });
    }

    private void Scan(int block, ScanRequest request, RowSet? live, TopHits[] heaps)
    {
        var first = block * VectorMatrix.BlockRows;
        var rows = Math.Min(VectorMatrix.BlockRows, ids.Rows - first);
        if (live is not null && live.CountIn(first, rows) is var wanted && wanted < rows / SparseShare)
        {
            ScanSparse(first, rows, request, live, heaps);
            return;
        }

        var scores = ArrayPool<float>.Shared.Rent(rows * heaps.Length);
        try
        {
            matrix.Score(block, rows, request.Queries, scores.AsSpan(0, rows * heaps.Length));
            for (var query = 0; query < heaps.Length; query++)
            {
                Offer(first, scores.AsSpan(query * rows, rows), live, heaps[query]);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    private void ScanSparse(int first, int rows, ScanRequest request, RowSet live, TopHits[] heaps)
    {
        for (var row = live.Next(first); row >= 0 && row < first + rows; row = live.Next(row + 1))
        {
            for (var query = 0; query < heaps.Length; query++)
            {
                heaps[query].Offer(row, matrix.Score(row, Query(request, query)));
            }
        }
    }

    private static void Offer(int first, ReadOnlySpan<float> scores, RowSet? live, TopHits heap)
    {
        const int Run = 16;
        for (var start = 0; start < scores.Length; start += Run)
        {
            var run = scores.Slice(start, Math.Min(Run, scores.Length - start));
            if (!(TensorPrimitives.Max(run) >= heap.Worst))
            {
                continue;
            }

            for (var i = 0; i < run.Length; i++)
            {
                if (run[i] >= heap.Worst && live?.Contains(first + start + i) != false)
                {
                    heap.Offer(first + start + i, run[i]);
                }
            }
        }
    }

    /// <summary>Finds candidates by the rows in 8 bits, and scores the best of them again as they are.</summary>
    private List<RowHit> SearchBytes(ByteRows bytes, ScanRequest request, RowSet? live, int query)
    {
        var floats = Query(request, query).ToArray();
        var prepared = bytes.Prepare(floats);
        var candidates = Math.Max(MinCandidates, request.Limit * CandidatesPerHit);
        TopHits[] Start() => [new TopHits(candidates, float.NegativeInfinity, ids)];
        var found = Start();
        var blocks = (ids.Rows + VectorMatrix.BlockRows - 1) / VectorMatrix.BlockRows;
        Run(blocks, ids.Rows / 2, Start, found, (block, own) =>
        {
            var first = block * VectorMatrix.BlockRows;
            Span<float> scores = stackalloc float[Math.Min(VectorMatrix.BlockRows, ids.Rows - first)];
            bytes.Score(block, prepared, scores);
            Offer(first, scores, live, own[0]);
        });
        var best = new TopHits(request.Limit, matrix.ToScore(request.Threshold, floats), ids);
        foreach (var hit in found[0].ToSorted())
        {
            best.Offer(hit.Row, matrix.Score(hit.Row, floats));
        }

        return best.ToSorted();
    }

    private ReadOnlySpan<float> Query(ScanRequest request, int query) =>
        request.Queries.AsSpan(query * matrix.Length, matrix.Length);
}
