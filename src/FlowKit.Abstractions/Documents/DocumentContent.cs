namespace FlowKit;

/// <summary>Which of the mutually exclusive contents a <see cref="Document"/> holds.</summary>
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
