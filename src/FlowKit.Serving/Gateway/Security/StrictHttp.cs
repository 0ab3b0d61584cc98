namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// Reads HTTP as the RFC writes it. A line that ends in LF alone is one line to some readers and two to others, which is how requests are
/// smuggled.
/// </summary>
internal static class StrictHttp
{
    private const string LineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    /// <summary>Kestrel reads this switch when a server is made; there is no option for it.</summary>
    public static void Require() => AppContext.SetSwitch(LineFeeds, isEnabled: true);
}
