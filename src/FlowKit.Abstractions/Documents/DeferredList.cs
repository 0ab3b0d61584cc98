using System.Collections;

namespace FlowKit;

/// <summary>
/// The list behind a <see cref="DocumentArray"/> whose documents are decoded when one is first asked for. Its length is known before.
/// </summary>
internal sealed class DeferredList(DeferredDocuments documents) : IList<Document>
{
    private List<Document>? _decoded;

    /// <summary>Tells what is still to be decoded; <see langword="null"/> once it has been.</summary>
    public DeferredDocuments? Deferred => _decoded is null ? documents : null;

    /// <inheritdoc/>
    public int Count => _decoded?.Count ?? documents.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <summary>The documents, decoded now at the latest.</summary>
    public List<Document> Decoded => _decoded ??= documents.Decode();

    /// <inheritdoc/>
    public Document this[int index]
    {
        get => Decoded[index];
        set => Decoded[index] = value;
    }

    /// <inheritdoc/>
    public int IndexOf(Document item) => Decoded.IndexOf(item);

    /// <inheritdoc/>
    public void Insert(int index, Document item) => Decoded.Insert(index, item);

    /// <inheritdoc/>
    public void RemoveAt(int index) => Decoded.RemoveAt(index);

    /// <inheritdoc/>
    public void Add(Document item) => Decoded.Add(item);

    /// <inheritdoc/>
    public void Clear() => _decoded = [];

    /// <inheritdoc/>
    public bool Contains(Document item) => Decoded.Contains(item);

    /// <inheritdoc/>
    public void CopyTo(Document[] array, int arrayIndex) => Decoded.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public bool Remove(Document item) => Decoded.Remove(item);

    /// <inheritdoc/>
    public IEnumerator<Document> GetEnumerator() => Decoded.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
