using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>Describes what a mapping says, key by key, over what an outer one says for it.</summary>
/// <param name="place">Where the mapping starts.</param>
internal sealed class KeyValues(SourcePlace place)
{
    private readonly Dictionary<Key, (YamlEntry Entry, object? Value)> _values = [];
    private KeyValues? _outer;

    public SourcePlace Place { get; } = place;

    /// <summary>The same values, with <paramref name="outer"/>'s where a key is not written.</summary>
    public KeyValues Over(KeyValues? outer)
    {
        _outer = outer;
        return this;
    }

    /// <summary>Tells what is written in the mapping itself.</summary>
    public IEnumerable<(Key Key, YamlEntry Entry)> Entries => _values.Select(pair => (pair.Key, pair.Value.Entry));

    public void Add(Key key, YamlEntry entry, object? value) => _values.Add(key, (entry, value));

    public bool Has(Key key) => EntryOf(key) is not null;

    public YamlEntry? EntryOf(Key key) => _values.TryGetValue(key, out var found) ? found.Entry : _outer?.EntryOf(key);

    /// <summary>The value, or the default when it is absent or wrong (and the mistake already reported).</summary>
    public T Get<T>(Key<T> key)
    {
        if (_values.TryGetValue(key, out var found))
        {
            return found.Value is T value ? value : key.Absent;
        }

        if (_outer is null)
        {
            return key.Absent;
        }

        return _outer.Get(key);
    }

    /// <summary>The place where the value is written, or else where the mapping starts.</summary>
    public SourcePlace PlaceOf(Key key) => EntryOf(key) switch
    {
        null => Place,
        { Value.IsNull: true } entry => entry.KeyPlace,
        { } entry => entry.Value.Place,
    };
}
