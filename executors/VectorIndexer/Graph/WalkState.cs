namespace FlowKit.Executors.Graph;

/// <summary>The memory of a walk through the graph, used by one walk after another.</summary>
internal sealed class WalkState
{
    private int[] _seen = [];
    private int[] _rows = [];
    private float[] _scores = [];
    private int _turn;

    /// <summary>The candidates whose neighbours are still to be looked at.</summary>
    public Candidates Open { get; } = new(bestFirst: true);

    /// <summary>The best rows so far.</summary>
    public Candidates Best { get; } = new(bestFirst: false);

    /// <summary>Begins a walk over so many rows.</summary>
    public void Start(int rows)
    {
        if (_seen.Length < rows)
        {
            Array.Resize(ref _seen, Math.Max(rows, _seen.Length * 2));
        }

        if (++_turn == int.MaxValue)
        {
            Array.Clear(_seen);
            _turn = 1;
        }

        Open.Clear();
        Best.Clear();
    }

    /// <summary>The rows out of some that were not marked before, now marked, with room for the score of each.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="scores">The room.</param>
    public ReadOnlySpan<int> Mark(ReadOnlySpan<int> rows, out Span<float> scores)
    {
        if (_rows.Length < rows.Length)
        {
            (_rows, _scores) = (new int[rows.Length * 2], new float[rows.Length * 2]);
        }

        var count = 0;
        foreach (var row in rows)
        {
            if (TryMark(row))
            {
                _rows[count++] = row;
            }
        }

        scores = _scores.AsSpan(0, count);
        return _rows.AsSpan(0, count);
    }

    /// <summary>Marks a row; false when it was marked already.</summary>
    public bool TryMark(int row)
    {
        if (_seen[row] == _turn)
        {
            return false;
        }

        _seen[row] = _turn;
        return true;
    }
}
