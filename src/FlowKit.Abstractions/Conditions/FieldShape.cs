namespace FlowKit;

/// <summary>Describes what is inside a document's field.</summary>
internal enum FieldShape
{
    /// <summary>A value.</summary>
    Plain,

    /// <summary>Bytes or numbers: only <c>$size</c> and <c>$exists</c> can ask for them.</summary>
    Opaque,

    /// <summary>Structured data, any parts.</summary>
    Json,

    /// <summary>Scores by name.</summary>
    Scores,

    /// <summary>Documents by place or id.</summary>
    Documents,
}
