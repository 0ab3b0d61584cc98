namespace FlowKit.Executors.Scan;

/// <summary>The best hits of a search so far; equal scores by their ids. A heap whose root is the worst of them.</summary>
/// <param name="limit">The number of hits that are kept.</param>
/// <param name="threshold">The least score that counts.</param>
/// <param name="ids">The ids.</param>
internal sealed class TopHits(int limit, float threshold, RowIds ids)
{
    private readonly List<RowHit> _heap = [];

    /// <summary>The least score that still counts.</summary>
    public float Worst { get; private set; } = threshold;

    /// <summary>The number of hits so far.</summary>
    public int Count => _heap.Count;

    /// <summary>Takes a hit when it is among the best.</summary>
    public void Offer(int row, float score)
    {
        if (!(score >= Worst))
        {
            return;
        }

        var hit = new RowHit(row, score);
        if (_heap.Count < limit)
        {
            _heap.Add(hit);
            Rise(_heap.Count - 1);
        }
        else if (IsBetter(hit, _heap[0]))
        {
            _heap[0] = hit;
            Sink(0);
        }

        if (_heap.Count == limit)
        {
            Worst = _heap[0].Score;
        }
    }

    /// <summary>Takes what another part of the search found.</summary>
    public void Offer(TopHits other)
    {
        foreach (var hit in other._heap)
        {
            Offer(hit.Row, hit.Score);
        }
    }

    /// <summary>The hits, best first.</summary>
    public List<RowHit> ToSorted()
    {
        List<RowHit> sorted = [.. _heap];
        sorted.Sort((left, right) => Compare(right, left));
        return sorted;
    }

    private void Rise(int at)
    {
        while (at > 0 && IsBetter(_heap[(at - 1) / 2], _heap[at]))
        {
            (_heap[at], _heap[(at - 1) / 2]) = (_heap[(at - 1) / 2], _heap[at]);
            at = (at - 1) / 2;
        }
    }

    private void Sink(int at)
    {
        while ((at * 2) + 1 < _heap.Count)
        {
            var child = (at * 2) + 1;
            if (child + 1 < _heap.Count && IsBetter(_heap[child], _heap[child + 1]))
            {
                child++;
            }

            if (!IsBetter(_heap[at], _heap[child]))
            {
                return;
            }

            (_heap[at], _heap[child]) = (_heap[child], _heap[at]);
            at = child;
        }
    }

    private bool IsBetter(RowHit left, RowHit right) => Compare(left, right) > 0;

    private int Compare(RowHit left, RowHit right)
    {
        var byScore = left.Score.CompareTo(right.Score);
        return byScore != 0 ? byScore : string.CompareOrdinal(ids[right.Row], ids[left.Row]);
    }
}
