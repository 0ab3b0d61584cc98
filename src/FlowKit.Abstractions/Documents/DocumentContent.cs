namespace FlowKit;

/// <summary>The kinds of content, of which a <see cref="Document"/> holds one.</summary>
public enum DocumentContent
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Raw bytes.</summary>
    Blob,

    /// <summary>An array.</summary>
    Tensor,

    /// <summary>Text.</summary>
    Text,
}
