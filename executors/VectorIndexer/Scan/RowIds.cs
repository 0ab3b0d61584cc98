namespace FlowKit.Executors.Scan;

/// <summary>
/// The ids of rows. A row keeps its number as long as its document is there; the number of a removed one is given to the next new document.
/// Safe for many readers, or one writer.
/// </summary>
internal sealed class RowIds
{
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly List<string?> _ids = [];
    private readonly SortedSet<int> _free = [];
    private RowSet _live = new(0);

    /// <summary>The number of documents.</summary>
    public int Count => _rows.Count;

    /// <summary>The number of rows, those without a document included.</summary>
    public int Rows => _ids.Count;

    /// <summary>The row of a document; <see langword="null"/> when it is not there.</summary>
    public int? Find(string id) => _rows.TryGetValue(id, out var row) ? row : null;

    /// <summary>The id of a row that has a document.</summary>
    public string this[int row] => _ids[row]!;

    /// <summary>Tells whether a row has a document.</summary>
    public bool Has(int row) => row < _ids.Count && _ids[row] is not null;

    /// <summary>Takes the ids of all rows at once, where there are none yet.</summary>
    /// <param name="ids">The ids; <see langword="null"/> of a row without a document.</param>
    public void SetAll(string?[] ids)
    {
        _ids.AddRange(ids);
        _rows.EnsureCapacity(ids.Length);
        _live = new RowSet(ids.Length);
        for (var row = 0; row < ids.Length; row++)
        {
            if (ids[row] is { } id)
            {
                _rows.Add(id, row);
                _live.Add(row);
            }
            else
            {
                _free.Add(row);
            }
        }
    }

    /// <summary>Gives each id the row that it has, or else one that is free. Nothing is taken until <see cref="Set"/>.</summary>
    /// <param name="ids">Ids, each once.</param>
    public int[] Plan(IReadOnlyList<string> ids)
    {
        using var free = _free.GetEnumerator();
        var next = _ids.Count;
        var plan = new int[ids.Count];
        for (var i = 0; i < plan.Length; i++)
        {
            if (_rows.TryGetValue(ids[i], out var row))
            {
                plan[i] = row;
            }
            else
            {
                plan[i] = free.MoveNext() ? free.Current : next++;
            }
        }

        return plan;
    }

    /// <summary>Puts a document into a row.</summary>
    public void Set(int row, string id)
    {
        while (_ids.Count <= row)
        {
            _free.Add(_ids.Count);
            _ids.Add(null);
        }

        _free.Remove(row);
        _ids[row] = id;
        _rows[id] = row;
        if (row >= _live.Rows)
        {
            var grown = new RowSet(Math.Max(row + 1, 2 * _live.Rows));
            foreach (var other in _live.Enumerate())
            {
                grown.Add(other);
            }

            _live = grown;
        }

        _live.Add(row);
    }

    /// <summary>Takes a document out of its row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="isFree">Whether the row may be given to another; not when the file has something damaged there.</param>
    public void Remove(int row, bool isFree = true)
    {
        _rows.Remove(_ids[row]!);
        _ids[row] = null;
        _live.Remove(row);
        if (isFree)
        {
            _free.Add(row);
        }
    }

    /// <summary>Keeps a row from being given to a document.</summary>
    public void Block(int row)
    {
        if (!Has(row))
        {
            Set(row, "");
            Remove(row, isFree: false);
        }
    }

    /// <summary>The rows that have a document. It changes with the next write, and has room for more rows than there are.</summary>
    public RowSet Live => _live;
}
