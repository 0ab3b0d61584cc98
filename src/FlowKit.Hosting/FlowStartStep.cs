namespace FlowKit.Hosting;

/// <summary>The steps of a start.</summary>
public enum FlowStartStep
{
    /// <summary>Executors load.</summary>
    Loading,

    /// <summary>Documents that <c>on_start:</c> names are posted.</summary>
    Posting,

    /// <summary>An executor's own code is restored and compiled.</summary>
    Building,

    /// <summary>An image is pulled; its layers are counted.</summary>
    Pulling,
}
