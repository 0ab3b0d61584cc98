using System.Collections;
using System.Collections.ObjectModel;
using System.Runtime.InteropServices;

namespace FlowKit;

/// <summary>An ordered list of documents, with DocArray's access paths.</summary>
/// <remarks>
/// It implements the interfaces of <see cref="Collection{T}"/> anew where they give documents out, so that it knows whether anybody has
/// asked for one: after a call that has asked for none, none of them can have changed, and none has to be looked at.
/// </remarks>
public sealed class DocumentArray : Collection<Document>, IList<Document>, IReadOnlyList<Document>, IList
{
    /// <summary>Makes an empty list.</summary>
    public DocumentArray()
        : base(new List<Document>())
    {
    }

    /// <summary>Makes a list of the given documents, which are not copied.</summary>
    /// <param name="documents">The documents.</param>
    public DocumentArray(IEnumerable<Document> documents)
        : base(new List<Document>(documents))
    {
    }

    /// <summary>Makes an empty list with room.</summary>
    /// <param name="capacity">How many documents are expected.</param>
    public DocumentArray(int capacity)
        : base(new List<Document>(capacity))
    {
    }

    /// <summary>Makes a list of documents that are decoded when one is first asked for.</summary>
    internal DocumentArray(DeferredDocuments documents)
        : base(new DeferredList(documents))
    {
    }

    /// <summary>Changes whenever the list does; a document that changes does not count.</summary>
    internal int Version { get; private set; }

    /// <summary>Tells whether a document has been asked for since it was set to false; <see cref="Span"/> does not count.</summary>
    internal bool WasRead { get; set; }

    /// <summary>The documents in a row, for who only looks.</summary>
    internal ReadOnlySpan<Document> Span => CollectionsMarshal.AsSpan(List);

    /// <summary>Tells what is still to be decoded, all of it; <see langword="null"/> when the documents are here.</summary>
    internal DeferredDocuments? Deferred => (Items as DeferredList)?.Deferred;

    private List<Document> List => Items as List<Document> ?? ((DeferredList)Items).Decoded;

    /// <summary>The document at a position.</summary>
    /// <param name="index">The position, from 0.</param>
    public new Document this[int index]
    {
        get
        {
            MarkRead();
            return Items[index];
        }

        set => base[index] = value;
    }

    /// <summary>
    /// The documents that an access path names: <c>@r</c>, <c>@c</c>, <c>@m</c>, <c>@cc</c>, <c>@r[:3]c</c>, <c>@r,c</c>.
    /// </summary>
    /// <param name="accessPath">The path, with or without the <c>@</c>; a comma makes a union.</param>
    /// <exception cref="FlowKitException">The path cannot be read.</exception>
    public DocumentArray this[string accessPath] => AccessPath.Parse(accessPath).Select(this);

    /// <summary>The first document with this id, or <see langword="null"/>.</summary>
    /// <param name="id">The id.</param>
    public Document? Find(string id) => this.FirstOrDefault(document => string.Equals(document.Id, id, StringComparison.Ordinal));

    /// <summary>Decodes what is still to be decoded.</summary>
    /// <param name="except">The format that may stay as it is.</param>
    /// <exception cref="FlowKitException">It is not valid.</exception>
    internal void Decode(string? except = null)
    {
        if (Deferred is { } deferred && deferred.Format != except)
        {
            _ = List;
        }
    }

    /// <summary>Appends all of <paramref name="documents"/>.</summary>
    /// <param name="documents">The documents.</param>
    public void AddRange(IEnumerable<Document> documents)
    {
        List.AddRange(documents);
        Version++;
    }

    /// <summary>The documents in a row, valid until the list changes.</summary>
    public ReadOnlySpan<Document> AsSpan()
    {
        MarkRead();
        return Span;
    }

    /// <summary>Goes through the documents in their order.</summary>
    public new List<Document>.Enumerator GetEnumerator()
    {
        MarkRead();
        return List.GetEnumerator();
    }

    /// <summary>Copies the documents, which stay the same ones, into an array.</summary>
    /// <param name="array">The array.</param>
    /// <param name="index">The position of the first in it.</param>
    public new void CopyTo(Document[] array, int index)
    {
        MarkRead();
        base.CopyTo(array, index);
    }

    /// <summary>Sorts in place; equal documents keep their order.</summary>
    /// <param name="comparison">Orders two documents.</param>
    public void Sort(Comparison<Document> comparison)
    {
        var sorted = this.Order(Comparer<Document>.Create(comparison)).ToList();
        Clear();
        AddRange(sorted);
    }

    /// <summary>Keeps only the first <paramref name="count"/> documents.</summary>
    /// <param name="count">How many to keep.</param>
    public void Truncate(int count)
    {
        if (Count > count)
        {
            List.RemoveRange(count, Count - count);
            Version++;
        }
    }

    /// <summary>A list of clones; see <see cref="Document.Clone"/>.</summary>
    public DocumentArray Clone() => Deferred is { } deferred ? new(deferred) : new(Items.Select(document => document.Clone()));

    IEnumerator<Document> IEnumerable<Document>.GetEnumerator()
    {
        MarkRead();
        return Items.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<Document>)this).GetEnumerator();

    object? IList.this[int index]
    {
        get => this[index];
        set => this[index] = (Document)value!;
    }

    void ICollection.CopyTo(Array array, int index)
    {
        MarkRead();
        ((ICollection)List).CopyTo(array, index);
    }

    /// <inheritdoc/>
    protected override void InsertItem(int index, Document item)
    {
        base.InsertItem(index, item);
        Version++;
    }

    /// <inheritdoc/>
    protected override void SetItem(int index, Document item)
    {
        base.SetItem(index, item);
        Version++;
    }

    /// <inheritdoc/>
    protected override void RemoveItem(int index)
    {
        base.RemoveItem(index);
        Version++;
    }

    /// <inheritdoc/>
    protected override void ClearItems()
    {
        base.ClearItems();
        Version++;
    }

    /// <summary>Several threads may read at once: the flag is written only once, so that they do not wait for each other.</summary>
    private void MarkRead()
    {
        if (!WasRead)
        {
            WasRead = true;
        }
    }
}
