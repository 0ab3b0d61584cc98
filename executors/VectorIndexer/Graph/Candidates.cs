using FlowKit.Executors.Scan;

namespace FlowKit.Executors.Graph;

/// <summary>Rows and their scores in a heap, whose root is the best or the worst of them.</summary>
/// <param name="bestFirst">Whether the root is the best.</param>
internal sealed class Candidates(bool bestFirst)
{
    private RowHit[] _heap = new RowHit[64];

    public int Count { get; private set; }

    public RowHit Root => _heap[0];

    public ReadOnlySpan<RowHit> All => _heap.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Push(RowHit hit)
    {
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, Count * 2);
        }

        var at = Count++;
        while (at > 0 && IsBefore(hit, _heap[(at - 1) / 2]))
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _heap[at] = hit;
    }

    public RowHit Pop()
    {
        var root = _heap[0];
        var last = _heap[--Count];
        var at = 0;
        for (var child = 1; child < Count; child = (2 * at) + 1)
        {
            if (child + 1 < Count && IsBefore(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!IsBefore(_heap[child], last))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        return root;
    }

    private bool IsBefore(RowHit left, RowHit right) => bestFirst ? left.Score > right.Score : left.Score < right.Score;
}
