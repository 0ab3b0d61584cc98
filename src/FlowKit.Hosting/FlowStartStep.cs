namespace FlowKit.Hosting;

/// <summary>The steps of a start.</summary>
public enum FlowStartStep
{
    /// <summary>Executors load.</summary>
    Loading,

    /// <summary>What <c>on_start:</c> names is posted.</summary>
    Posting,
}
