using FlowKit.Executors.Mapped;
using FlowKit.Executors.Scan;

namespace FlowKit.Executors.Graph;

/// <summary>
/// Searches by a graph that is never the truth: it is made of the rows, and where it would answer worse than a look at all of them it does
/// not answer. Safe for many searches, or one writer.
/// </summary>
/// <param name="matrix">The vectors.</param>
/// <param name="ids">The ids of the rows.</param>
/// <param name="options">The parameters.</param>
/// <param name="map">The graph as it was written before; <see langword="null"/> to begin one.</param>
internal sealed class HnswSearch(VectorMatrix matrix, RowIds ids, GraphOptions options, MappedLinks? map = null)
{
    // So few rows are looked at in the time of one walk.
    private const int MinRows = 2_000;

    // Of rows that one in so many may be found, a walk meets too few.
    private const int MinShare = 20;

    // Rows that were replaced or removed leave links behind that lead nowhere near.
    private const double MaxStaleShare = 0.2;

    private HnswGraph _graph = new(matrix, options, map);
    private int _stale;

    /// <summary>The parameters.</summary>
    public GraphOptions Options => options;

    /// <summary>The graph as it is now; it may be another after the next write.</summary>
    public HnswGraph Graph => _graph;

    /// <summary>Makes the graph of all rows anew, on all cores.</summary>
    public void Build()
    {
        var graph = new HnswGraph(matrix, options);
        graph.InsertAll([.. ids.Live.Enumerate()]);
        (_graph, _stale) = (graph, 0);
    }

    /// <summary>Takes a row whose vector is new.</summary>
    public void Replace(int row)
    {
        Remove(row);
        _graph.Reserve(ids.Rows);
        _graph.Insert(row);
    }

    /// <summary>Takes many rows that are none of the graph's yet, on all cores.</summary>
    public void AddAll(IReadOnlyList<int> rows) => _graph.InsertAll(rows);

    /// <summary>Takes a row out.</summary>
    public void Remove(int row)
    {
        var before = _graph.Count;
        _graph.Remove(row);
        _stale += before - _graph.Count;
        if (_stale > MinRows && _stale > MaxStaleShare * _graph.Count)
        {
            Build();
        }
    }

    /// <summary>The best hits of each query, best first; <see langword="null"/> where all rows are to be looked at instead.</summary>
    /// <param name="request">The search.</param>
    /// <param name="effort">The number of candidates that the caller asks for.</param>
    public List<RowHit>[]? TrySearch(ScanRequest request, int? effort)
    {
        var wanted = request.Rows?.Count ?? ids.Count;
        if (wanted < MinRows || wanted < ids.Count / MinShare || request.Limit > wanted / 4)
        {
            return null;
        }

        var found = new List<RowHit>?[request.Queries.Length / matrix.Length];
        ForEach(found.Length, query =>
        {
            var values = request.Queries.AsSpan(query * matrix.Length, matrix.Length);
            var hits = _graph.Search(values, request.Limit, effort ?? options.EfSearch, request.Rows);
            var best = new TopHits(request.Limit, matrix.ToScore(request.Threshold, values), ids);
            hits.ForEach(hit => best.Offer(hit.Row, hit.Score));
            found[query] = hits.Count < request.Limit ? null : best.ToSorted();
        });

        // A walk that ended early says nothing about how many there are.
        return Array.Exists(found, hits => hits is null) ? null : [.. found.OfType<List<RowHit>>()];
    }

    private static void ForEach(int count, Action<int> search)
    {
        if (count == 1)
        {
            search(0);
        }
        else
        {
            Parallel.For(0, count, search);
        }
    }
}
