namespace FlowKit;

/// <summary>
/// A document with fields of its own, as DocArray 0.30 and later have them. Derive a record from it: each property is a field, named in
/// snake_case on the wire. A method with <see cref="RequestsAttribute"/> that takes it, or a <see cref="DocList{T}"/> of it, is given
/// documents of that type, and what it returns tells callers which fields come back.
/// </summary>
public abstract record BaseDoc
{
    /// <summary>The name by which joins and indexes know the document; 32 hex digits by default.</summary>
    public string Id { get; init; } = NewId.Next();
}
