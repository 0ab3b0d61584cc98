using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace FlowKit.Configuration.Equality;

/// <summary>A map that equals another with the same entries, so that the records that hold it are equal when they say the same.</summary>
/// <typeparam name="T">A value, which has value equality itself.</typeparam>
internal sealed class EquatableMap<T>(
    IEnumerable<KeyValuePair<string, T>> entries) : IReadOnlyDictionary<string, T>, IEquatable<EquatableMap<T>>
{
    // Not a frozen dictionary: the entries keep the order in which they are written.
    private readonly Dictionary<string, T> _entries = new(entries, StringComparer.Ordinal);

    /// <summary>The map without entries.</summary>
    public static EquatableMap<T> Empty { get; } = new([]);

    public int Count => _entries.Count;

    public IEnumerable<string> Keys => _entries.Keys;

    public IEnumerable<T> Values => _entries.Values;

    public T this[string key] => _entries[key];

    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _entries.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(EquatableMap<T>? other) => other is not null && Count == other.Count
        && _entries.All(entry => other.TryGetValue(entry.Key, out var value) && EqualityComparer<T>.Default.Equals(entry.Value, value));

    public override bool Equals(object? obj) => Equals(obj as EquatableMap<T>);

    public override int GetHashCode() => _entries.Keys.Aggregate(Count, (hash, key) => hash ^ StringComparer.Ordinal.GetHashCode(key));
}
