namespace FlowKit.Configuration.Flow;

/// <summary>Describes what becomes of executors with <c>method: inspect</c>.</summary>
public enum InspectMode
{
    /// <summary>The reply waits for them.</summary>
    Collect,

    /// <summary>They are left out.</summary>
    Remove,

    /// <summary>They run, and the reply does not wait for them.</summary>
    Hang,
}
