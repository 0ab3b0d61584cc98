namespace FlowKit.Wire;

/// <summary>Parts of a protobuf message that can be there and hold nothing.</summary>
[Flags]
public enum DataRequestFields
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The header.</summary>
    Header = 1,

    /// <summary>The endpoint, also when it is <c>/</c>.</summary>
    ExecEndpoint = 2,

    /// <summary>The target executor, also when it is empty.</summary>
    TargetExecutor = 4,

    /// <summary>The parameters, also when there are none.</summary>
    Parameters = 8,

    /// <summary>The content of a request, also without a list of documents.</summary>
    Data = 16,

    /// <summary>The list of documents, also when it is empty.</summary>
    Documents = 32,
}
