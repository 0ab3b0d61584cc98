using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>The keys one kind of mapping may have.</summary>
/// <param name="keys">All of them.</param>
internal sealed class KeyTable(params IEnumerable<Key> keys)
{
    private readonly Dictionary<string, Key> _byName = keys
        .SelectMany(key => key.Names.Select(name => (name, key)))
        .GroupBy(pair => pair.name, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First().key, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _byName.Keys;

    public IReadOnlyCollection<Key> Keys => _byName.Values;

    public static string Join(string path, string key) => path.Length == 0 ? YamlScalar.Shorten(key) : $"{path}.{YamlScalar.Shorten(key)}";

    public Key? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a mapping key by key; every mistake is reported and the rest is read on.</summary>
    public KeyValues Read(YamlMapping mapping, string path, ConfigDiagnostics diagnostics)
    {
        var values = new KeyValues(mapping.Place);
        foreach (var entry in mapping.Entries)
        {
            var at = Join(path, entry.Key);
            if (Find(entry.Key) is not { } key)
            {
                diagnostics.Add(entry.KeyPlace, at, diagnostics.IsFull ? "" : $"unknown key{KeyHints.For(entry.Key, this)}");
            }
            else if (values.EntryOf(key) is { } earlier)
            {
                diagnostics.Add(entry.KeyPlace, at, $"the same as '{earlier.Key}' on line {earlier.KeyPlace.Line}; keep one of them");
            }
            else
            {
                values.Add(key, entry, key.Read(entry.Value, at, diagnostics));
            }
        }

        return values;
    }
}
