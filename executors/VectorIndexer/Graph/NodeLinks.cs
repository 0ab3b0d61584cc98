namespace FlowKit.Executors.Graph;

/// <summary>
/// The neighbours of every node in every layer. A list is never changed but replaced, so that walks need no lock; whoever replaces one
/// holds the lock of its node.
/// </summary>
internal sealed class NodeLinks
{
    private const int Locks = 1024;

    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];
    private int[]?[]?[] _lists = [];

    /// <summary>The number of rows that there is room for.</summary>
    public int Rows => _lists.Length;

    /// <summary>Makes room; nobody may walk or write meanwhile.</summary>
    public void Reserve(int rows)
    {
        if (rows > _lists.Length)
        {
            Array.Resize(ref _lists, Math.Max(rows, _lists.Length * 2));
        }
    }

    /// <summary>Tells whether a row is a node.</summary>
    public bool Has(int row) => row < _lists.Length && _lists[row] is not null;

    /// <summary>The highest layer of a node.</summary>
    public int LevelOf(int row) => _lists[row]!.Length - 1;

    /// <summary>Makes a row a node without neighbours.</summary>
    public void Add(int row, int level) => _lists[row] = new int[]?[level + 1];

    /// <summary>Makes a row no node.</summary>
    public void Remove(int row) => _lists[row] = null;

    /// <summary>The neighbours of a node in a layer; none of a row that is no node there any more.</summary>
    public int[] Of(int row, int level) =>
        Volatile.Read(ref _lists[row]) is { } lists && level < lists.Length ? Volatile.Read(ref lists[level]) ?? [] : [];

    /// <summary>Replaces the neighbours of a node in a layer.</summary>
    public void Set(int row, int level, int[] neighbours)
    {
        if (_lists[row] is { } lists && level < lists.Length)
        {
            Volatile.Write(ref lists[level], neighbours);
        }
    }

    /// <summary>The lock of a node, which some others share.</summary>
    public Lock LockOf(int row) => _locks[row % Locks];
}
