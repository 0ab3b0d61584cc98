namespace FlowKit;

/// <summary>
/// Documents that came in a message and are decoded when somebody first asks for one of them; until then they can go on as they came.
/// </summary>
internal abstract class DeferredDocuments
{
    /// <summary>The way that they lie in the message: whoever writes the same format passes them on byte for byte.</summary>
    public abstract string Format { get; }

    /// <summary>Their number.</summary>
    public abstract int Count { get; }

    /// <summary>The number of bytes of the message that they take.</summary>
    public abstract long Bytes { get; }

    /// <summary>Tells whether one of them may have failed, which is only certain when they are decoded.</summary>
    public abstract bool MayHaveFailed { get; }

    /// <summary>Decodes them.</summary>
    /// <exception cref="FlowKitException">They are not valid.</exception>
    public abstract List<Document> Decode();
}
