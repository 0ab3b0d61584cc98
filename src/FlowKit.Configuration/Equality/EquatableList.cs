using System.Collections;

namespace FlowKit.Configuration.Equality;

/// <summary>
/// A list that equals another with the same items in the same order, so that the records that hold it are equal when they say the same.
/// </summary>
/// <typeparam name="T">An item, which has value equality itself.</typeparam>
internal sealed class EquatableList<T>(IEnumerable<T> items) : IReadOnlyList<T>, IEquatable<EquatableList<T>>
{
    private readonly T[] _items = [.. items];

    /// <summary>The list without items.</summary>
    public static EquatableList<T> Empty { get; } = new([]);

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public IEnumerator<T> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(EquatableList<T>? other) => other is not null && _items.SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as EquatableList<T>);

    public override int GetHashCode() => _items.Aggregate(0, HashCode.Combine);
}
