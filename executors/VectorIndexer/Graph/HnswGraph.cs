using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using FlowKit.Executors.Mapped;
using FlowKit.Executors.Scan;

namespace FlowKit.Executors.Graph;

/// <summary>
/// A hierarchical navigable small world (Malkov and Yashunin, https://arxiv.org/abs/1603.09320) over the rows of a matrix. Inserts may run
/// side by side, and so may searches; removing, and replacing a row, must be alone.
/// </summary>
/// <param name="matrix">The vectors.</param>
/// <param name="options">The parameters.</param>
/// <param name="map">The graph as it was written before; <see langword="null"/> to begin one.</param>
internal sealed class HnswGraph(VectorMatrix matrix, GraphOptions options, MappedLinks? map = null)
{
    private const int MaxLevel = 12;

    // The rows that are scored side by side.
    private const int Together = 4;

    private readonly NodeLinks _links = new(map);
    private readonly ConcurrentBag<WalkState> _states = [];
    private readonly Lock _entryLock = new();
    private readonly double _levelFactor = 1 / Math.Log(options.M);
    private int _entry = map?.Entry ?? -1;
    private int _count = map?.Count ?? 0;

    /// <summary>The number of nodes.</summary>
    public int Count => _count;

    /// <summary>The node at which walks begin; -1 where there is none.</summary>
    public int Entry => _entry;

    /// <summary>Makes room for rows; nothing else may run.</summary>
    public void Reserve(int rows) => _links.Reserve(rows);

    /// <summary>Makes nodes of many rows that are none, on all cores.</summary>
    public void InsertAll(IReadOnlyList<int> rows)
    {
        if (rows.Count > 0)
        {
            Reserve(rows.Max() + 1);
            Insert(rows[0]);
            Parallel.For(1, rows.Count, i => Insert(rows[i]));
        }
    }

    /// <summary>Makes a row a node; there must be room for it.</summary>
    public void Insert(int row)
    {
        var level = LevelFor(row);
        _links.Add(row, level);
        Interlocked.Increment(ref _count);
        var entry = Volatile.Read(ref _entry);
        if (entry < 0)
        {
            lock (_entryLock)
            {
                if (_entry < 0)
                {
                    _entry = row;
                    return;
                }

                entry = _entry;
            }
        }

        var query = matrix.Read(row, matrix.MakeBuffer());
        var at = Descend(query, entry, level);
        var state = Rent();
        for (var layer = Math.Min(level, _links.LevelOf(entry)); layer >= 0; layer--)
        {
            Walk(state, query, at, layer, options.EfConstruction, allowed: null);
            List<RowHit> found = [.. state.Best.All];
            found.RemoveAll(hit => hit.Row == row);
            if (found.Count == 0)
            {
                continue;
            }

            found.Sort((left, right) => right.Score.CompareTo(left.Score));
            at = found[0].Row;
            var neighbours = Select(row, found, options.M);
            lock (_links.LockOf(row))
            {
                _links.Set(row, layer, [.. neighbours.Union(_links.Of(row, layer).ToArray()).Take(MaxLinks(layer))]);
            }

            foreach (var neighbour in neighbours)
            {
                Link(neighbour, row, layer);
            }
        }

        _states.Add(state);
        Raise(row, level);
    }

    /// <summary>Makes a row no node any more, and links its neighbours among each other in its place.</summary>
    public void Remove(int row)
    {
        if (!_links.Has(row))
        {
            return;
        }

        for (var layer = _links.LevelOf(row); layer >= 0; layer--)
        {
            var own = _links.Of(row, layer).ToArray();
            foreach (var neighbour in own)
            {
                var links = _links.Of(neighbour, layer).ToArray();
                if (links.Contains(row))
                {
                    var candidates = links.Union(own).Where(other => other != row && other != neighbour && _links.Has(other));
                    _links.Set(neighbour, layer, [.. Select(neighbour, Score(neighbour, candidates), MaxLinks(layer))]);
                }
            }
        }

        var level = _links.LevelOf(row);
        _links.Remove(row);
        _count--;
        if (_entry == row)
        {
            _entry = FindEntry(level);
        }
    }

    /// <summary>The nearest nodes, best first, with scores as the matrix has them.</summary>
    /// <param name="query">The query as a row.</param>
    /// <param name="limit">The number of hits.</param>
    /// <param name="ef">The number of candidates, at least as many as hits.</param>
    /// <param name="allowed">The rows that may be found; <see langword="null"/> for all.</param>
    public List<RowHit> Search(ReadOnlySpan<float> query, int limit, int ef, RowSet? allowed)
    {
        if (_entry < 0)
        {
            return [];
        }

        var state = Rent();
        Walk(state, query, Descend(query, _entry, 0), 0, Math.Max(ef, limit), allowed);
        List<RowHit> found = [.. state.Best.All];
        _states.Add(state);
        found.Sort((left, right) => right.Score.CompareTo(left.Score));
        return found.Count > limit ? found[..limit] : found;
    }

    /// <summary>The graph in flat lists; nothing may change it meanwhile.</summary>
    /// <param name="rows">The number of rows.</param>
    public GraphExport Export(int rows)
    {
        var (levels, starts, links) = (new byte[rows], new long[rows], new List<int>(rows * (1 + options.M)));
        for (var row = 0; row < rows; row++)
        {
            starts[row] = links.Count;
            levels[row] = _links.Has(row) ? (byte)_links.LevelOf(row) : MappedLinks.NoNode;
            for (var layer = 0; levels[row] != MappedLinks.NoNode && layer <= levels[row]; layer++)
            {
                var own = _links.Of(row, layer);
                links.Add(own.Length);
                links.AddRange(own);
            }
        }

        return new GraphExport(levels, starts, [.. links]);
    }

    /// <summary>Goes to the node nearest to the query in each layer above one.</summary>
    private int Descend(ReadOnlySpan<float> query, int entry, int level)
    {
        var best = new RowHit(entry, matrix.Score(entry, query));
        for (var layer = _links.LevelOf(entry); layer > level; layer--)
        {
            for (var isBetter = true; isBetter;)
            {
                isBetter = false;
                foreach (var neighbour in _links.Of(best.Row, layer))
                {
                    var score = matrix.Score(neighbour, query);
                    if (score > best.Score && _links.Has(neighbour))
                    {
                        (best, isBetter) = (new RowHit(neighbour, score), true);
                    }
                }
            }
        }

        return best.Row;
    }

    private void Walk(WalkState state, ReadOnlySpan<float> query, int start, int layer, int ef, RowSet? allowed)
    {
        state.Start(_links.Rows);
        state.TryMark(start);
        Meet(state, new RowHit(start, matrix.Score(start, query)), ef, allowed);
        while (state.Open.Count > 0)
        {
            var current = state.Open.Pop();
            if (state.Best.Count >= ef && current.Score < state.Best.Root.Score)
            {
                return;
            }

            var neighbours = state.Mark(_links.Of(current.Row, layer), out var scores);
            matrix.Score(neighbours, query, scores);
            for (var i = 0; i < neighbours.Length; i++)
            {
                Meet(state, new RowHit(neighbours[i], scores[i]), ef, allowed);
            }
        }
    }

    /// <summary>A node that may not be found still leads on to others.</summary>
    private void Meet(WalkState state, RowHit hit, int ef, RowSet? allowed)
    {
        if (state.Best.Count >= ef && hit.Score <= state.Best.Root.Score)
        {
            return;
        }

        state.Open.Push(hit);
        if (!_links.Has(hit.Row) || allowed?.Contains(hit.Row) == false)
        {
            return;
        }

        state.Best.Push(hit);
        if (state.Best.Count > ef)
        {
            state.Best.Pop();
        }
    }

    private void Link(int node, int to, int layer)
    {
        lock (_links.LockOf(node))
        {
            var links = _links.Of(node, layer);
            if (links.Contains(to))
            {
                return;
            }

            int[] all = [.. links, to];
            _links.Set(node, layer, all.Length <= MaxLinks(layer) ? all : [.. Select(node, Score(node, all), MaxLinks(layer))]);
        }
    }

    private List<RowHit> Score(int node, IEnumerable<int> rows)
    {
        int[] all = [.. rows];
        var scores = new float[all.Length];
        matrix.Score(all, matrix.Read(node, matrix.MakeBuffer()), scores);
        var hits = new List<RowHit>(all.Length);
        for (var i = 0; i < all.Length; i++)
        {
            hits.Add(new RowHit(all[i], scores[i]));
        }

        hits.Sort((left, right) => right.Score.CompareTo(left.Score));
        return hits;
    }

    /// <summary>
    /// Takes a candidate only when it is nearer to the node than to all taken before, so that links lead in different directions; what
    /// is left then fills up.
    /// </summary>
    private List<int> Select(int node, List<RowHit> sorted, int limit)
    {
        var (chosen, passed, buffer) = (new List<int>(limit), new List<int>(), matrix.MakeBuffer());
        Span<float> scores = stackalloc float[Together];
        foreach (var hit in sorted)
        {
            if (chosen.Count == limit)
            {
                break;
            }

            var candidate = matrix.Read(hit.Row, buffer);
            var toNode = matrix.Score(node, candidate);
            var isNew = true;
            var others = CollectionsMarshal.AsSpan(chosen);
            for (; isNew && others.Length > 0; others = others[Math.Min(Together, others.Length)..])
            {
                var some = others[..Math.Min(Together, others.Length)];
                matrix.Score(some, candidate, scores);
                isNew = TensorPrimitives.Max(scores[..some.Length]) <= toNode;
            }

            (isNew ? chosen : passed).Add(hit.Row);
        }

        chosen.AddRange(passed.Take(limit - chosen.Count));
        return chosen;
    }

    private void Raise(int row, int level)
    {
        lock (_entryLock)
        {
            if (_entry < 0 || !_links.Has(_entry) || level > _links.LevelOf(_entry))
            {
                _entry = row;
            }
        }
    }

    private int FindEntry(int highest)
    {
        var best = -1;
        for (var row = 0; row < _links.Rows; row++)
        {
            if (_links.Has(row) && (best < 0 || _links.LevelOf(row) > _links.LevelOf(best)))
            {
                best = row;
                if (_links.LevelOf(row) >= highest)
                {
                    return best;
                }
            }
        }

        return best;
    }

    private int MaxLinks(int layer) => layer == 0 ? 2 * options.M : options.M;

    /// <summary>The highest layer of a row: the same in every build (the finalizer of SplitMix64).</summary>
    private int LevelFor(int row)
    {
        var bits = ((ulong)row + 1) * 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        var uniform = ((bits ^ (bits >> 31)) >> 11) * (1.0 / (1UL << 53));
        return Math.Min((int)(-Math.Log(Math.Max(uniform, 1e-16)) * _levelFactor), MaxLevel);
    }

    private WalkState Rent() => _states.TryTake(out var state) ? state : new WalkState();
}
