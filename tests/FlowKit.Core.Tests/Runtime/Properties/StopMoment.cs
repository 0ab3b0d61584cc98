namespace FlowKit.Runtime.Properties;

/// <summary>When a drawn flow is stopped.</summary>
internal enum StopMoment
{
    /// <summary>When every request has been answered.</summary>
    Answered,

    /// <summary>As soon as all requests have been sent.</summary>
    Sent,

    /// <summary>When half of the requests have been sent; the others find it stopping.</summary>
    Halfway,
}
