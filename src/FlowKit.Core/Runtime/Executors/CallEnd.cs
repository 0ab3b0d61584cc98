namespace FlowKit.Runtime;

/// <summary>How a call ended.</summary>
internal enum CallEnd
{
    /// <summary>The part goes on.</summary>
    GoesOn,

    /// <summary>The part goes on around the executor, which does not answer its endpoint.</summary>
    PassesBy,

    /// <summary>The part has been answered, or has sent its documents on itself.</summary>
    Answered,

    /// <summary>The call has failed, and the part has been told.</summary>
    Failed,

    /// <summary>The call took too long: the replica has been given up, and the part with it.</summary>
    Abandoned,
}
