namespace FlowKit.Hosting;

/// <summary>The steps of a start.</summary>
public enum FlowStartStep
{
    /// <summary>Executors load.</summary>
    Loading,

    /// <summary>Documents that <c>on_start:</c> names are posted.</summary>
    Posting,
}
