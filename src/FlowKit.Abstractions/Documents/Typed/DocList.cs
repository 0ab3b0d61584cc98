namespace FlowKit;

/// <summary>Documents of one type, as a method with <see cref="RequestsAttribute"/> takes and returns them.</summary>
/// <typeparam name="T">Their type.</typeparam>
public sealed class DocList<T> : List<T>
    where T : BaseDoc
{
    /// <summary>Makes an empty list.</summary>
    public DocList()
    {
    }

    /// <summary>Makes a list of documents.</summary>
    /// <param name="documents">The documents.</param>
    public DocList(IEnumerable<T> documents)
        : base(documents)
    {
    }
}
