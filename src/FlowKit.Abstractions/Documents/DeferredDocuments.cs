namespace FlowKit;

/// <summary>Documents that came in a message and are decoded when somebody first asks for one of them; until then they can go on as they came.</summary>
internal abstract class DeferredDocuments
{
    /// <summary>How they lie in the message: whoever writes the same format passes them on byte for byte.</summary>
    public abstract string Format { get; }

    /// <summary>How many there are.</summary>
    public abstract int Count { get; }

    /// <summary>How many bytes of the message they take.</summary>
    public abstract long Bytes { get; }

    /// <summary>Whether one of them may have failed, which is only certain when they are decoded.</summary>
    public abstract bool MayHaveFailed { get; }

    /// <summary>Decodes them.</summary>
    /// <exception cref="FlowKitException">They are not valid.</exception>
    public abstract List<Document> Decode();
}
