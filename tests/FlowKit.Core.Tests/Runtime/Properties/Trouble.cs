namespace FlowKit.Runtime.Properties;

/// <summary>What is wrong with a drawn executor.</summary>
internal enum Trouble
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Throws what counts against its replica when a document is poison for it.</summary>
    Throws,

    /// <summary>Throws on purpose when a document is poison for it.</summary>
    Refuses,

    /// <summary>Throws as if cancelled, though nobody has cancelled, when a document is poison for it.</summary>
    Cancels,

    /// <summary>Marks a document that is poison for it as failed.</summary>
    Fails,

    /// <summary>Is unavailable in its first calls.</summary>
    Flickers,

    /// <summary>Its first call does not return before the end of the trial.</summary>
    Hangs,

    /// <summary>Its first call returns long after it has been given up, and goes on as if nothing had happened.</summary>
    Lingers,
}
