namespace FlowKit.Runtime.Executors.Calls;

/// <summary>The ways that a call can end.</summary>
internal enum CallEnd
{
    /// <summary>The item goes on.</summary>
    GoesOn,

    /// <summary>The item goes on around the executor, which does not answer its endpoint.</summary>
    PassesBy,

    /// <summary>The item has been answered, or has sent its documents on itself.</summary>
    Answered,

    /// <summary>The call has failed, and the item has been told.</summary>
    Failed,

    /// <summary>The call took too long: the replica has been given up, and the item with it.</summary>
    Abandoned,
}
