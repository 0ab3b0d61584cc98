namespace FlowKit;

/// <summary>Describes what a <see cref="FieldValue"/> is.</summary>
internal enum FieldKind
{
    /// <summary>Null, or not there.</summary>
    None,

    /// <summary>True or false; in comparisons 1 or 0, as in Python.</summary>
    Flag,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A JSON object or array.</summary>
    Json,

    /// <summary>The list that a query gives to <c>$in</c>.</summary>
    List,

    /// <summary>A moment that a query writes as <c>{"$date": "2026-01-31T12:00:00Z"}</c>.</summary>
    Moment,

    /// <summary>Something of which only the size is known to a query: bytes, an array, documents.</summary>
    Sized,
}
