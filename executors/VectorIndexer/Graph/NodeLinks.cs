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

    // The list of a row that the map has as a node and that is none any more.
    private static readonly int[] s_removed = [-1];

    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];

    // Almost all of a walk is in the lowest layer, whose lists are found by one step.
    private int[]?[] _lowest = map is null ? [] : new int[]?[map.Rows];
    private int[][]?[] _higher = map is null ? [] : new int[][]?[map.Rows];

    /// <summary>The number of rows that there is room for.</summary>
    public int Rows => _lowest.Length;

    /// <summary>Makes room; nobody may walk or write meanwhile.</summary>
    public void Reserve(int rows)
    {
        if (rows > Rows)
        {
            var room = Math.Max(rows, Rows * 2);
            Array.Resize(ref _higher, room);
            Array.Resize(ref _lowest, room);
        }
    }

    /// <summary>Tells whether a row is a node.</summary>
    public bool Has(int row) => row < Rows && (Volatile.Read(ref _lowest[row]) is { } list ? list != s_removed : map?.LevelOf(row) >= 0);

    /// <summary>The highest layer of a node; -1 of a row that is none.</summary>
    public int LevelOf(int row)
    {
        if (Volatile.Read(ref _lowest[row]) is { } list)
        {
            return list == s_removed ? -1 : _higher[row]?.Length ?? 0;
        }

        return map?.LevelOf(row) ?? -1;
    }

    /// <summary>Makes a row a node without neighbours.</summary>
    public void Add(int row, int level)
    {
        _higher[row] = level == 0 ? null : [.. Enumerable.Repeat<int[]>([], level)];
        Volatile.Write(ref _lowest[row], []);
    }

    /// <summary>Makes a row no node.</summary>
    public void Remove(int row)
    {
        _higher[row] = null;
        _lowest[row] = map?.LevelOf(row) >= 0 ? s_removed : null;
    }

    /// <summary>The neighbours of a node in a layer; none of a row that is no node there any more.</summary>
    public ReadOnlySpan<int> Of(int row, int level)
    {
        if (Volatile.Read(ref _lowest[row]) is { } list)
        {
            if (level == 0)
            {
                return list == s_removed ? [] : list;
            }

            return _higher[row] is { } lists && level <= lists.Length ? Volatile.Read(ref lists[level - 1]) : [];
        }

        return map is not null && level <= map.LevelOf(row) ? map.Of(row, level) : [];
    }

    /// <summary>Replaces the neighbours of a node in a layer.</summary>
    public void Set(int row, int level, int[] neighbours)
    {
        var lowest = _lowest[row];
        if (lowest is null && map?.LevelOf(row) is { } top and >= 0)
        {
            _higher[row] = top == 0 ? null : [.. Enumerable.Range(1, top).Select(layer => map.Of(row, layer).ToArray())];
            lowest = map.Of(row, 0).ToArray();
            Volatile.Write(ref _lowest[row], lowest);
        }

        if (lowest is null || lowest == s_removed)
        {
            return;
        }

        if (level == 0)
        {
            Volatile.Write(ref _lowest[row], neighbours);
        }
        else if (_higher[row] is { } lists && level <= lists.Length)
        {
            Volatile.Write(ref lists[level - 1], neighbours);
        }
    }

    /// <summary>The lock of a node, which some others share.</summary>
    public Lock LockOf(int row) => _locks[row % Locks];
}
