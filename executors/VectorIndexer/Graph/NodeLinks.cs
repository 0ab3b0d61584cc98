using FlowKit.Executors.Mapped;

namespace FlowKit.Executors.Graph;

/// <summary>
/// The neighbours of every node in every layer. A list is never changed but replaced, so that walks need no lock; whoever replaces one
/// holds the lock of its node. Nodes that came with a map lie there until one of their lists is replaced.
/// </summary>
/// <param name="map">The map; <see langword="null"/> for none.</param>
internal sealed class NodeLinks(MappedLinks? map)
{
    private const int Locks = 1024;

    // A row that the map has as a node and that is none any more.
    private static readonly int[]?[] s_removed = [];

    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];
    private int[]?[]?[] _lists = map is null ? [] : new int[]?[]?[map.Rows];

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
    public bool Has(int row) => row < _lists.Length && LevelOf(row) >= 0;

    /// <summary>The highest layer of a node; -1 of a row that is none.</summary>
    public int LevelOf(int row) => Volatile.Read(ref _lists[row]) is { } lists ? lists.Length - 1 : map?.LevelOf(row) ?? -1;

    /// <summary>Makes a row a node without neighbours.</summary>
    public void Add(int row, int level) => _lists[row] = new int[]?[level + 1];

    /// <summary>Makes a row no node.</summary>
    public void Remove(int row) => _lists[row] = map?.LevelOf(row) >= 0 ? s_removed : null;

    /// <summary>The neighbours of a node in a layer; none of a row that is no node there any more.</summary>
    public ReadOnlySpan<int> Of(int row, int level)
    {
        if (Volatile.Read(ref _lists[row]) is { } lists)
        {
            return level < lists.Length ? Volatile.Read(ref lists[level]) ?? [] : [];
        }

        return map is not null && level <= map.LevelOf(row) ? map.Of(row, level) : [];
    }

    /// <summary>Replaces the neighbours of a node in a layer.</summary>
    public void Set(int row, int level, int[] neighbours)
    {
        var lists = _lists[row];
        if (lists is null && map?.LevelOf(row) is { } top and >= 0)
        {
            lists = new int[]?[top + 1];
            for (var layer = 0; layer <= top; layer++)
            {
                lists[layer] = map.Of(row, layer).ToArray();
            }

            Volatile.Write(ref _lists[row], lists);
        }

        if (level < lists?.Length)
        {
            Volatile.Write(ref lists[level], neighbours);
        }
    }

    /// <summary>The lock of a node, which some others share.</summary>
    public Lock LockOf(int row) => _locks[row % Locks];
}
