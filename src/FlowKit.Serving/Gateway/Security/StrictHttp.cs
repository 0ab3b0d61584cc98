using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// Reads HTTP as the RFC writes it. A line that ends in LF alone is one line to some readers and two to others, and a body with a length
/// and chunks ends in two places, which is how requests are smuggled.
/// </summary>
internal static class StrictHttp
{
    private const string LineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    /// <summary>The header that Kestrel makes of a length that it does not go by, because there are chunks.</summary>
    private const string SetAside = "X-Content-Length";

    /// <summary>Kestrel reads this switch when a server is made; there is no option for it.</summary>
    public static void Require() => AppContext.SetSwitch(LineFeeds, isEnabled: true);

    /// <summary>Refuses requests that have both a length and chunks, and closes their connections.</summary>
    public static void Use(IApplicationBuilder app) => app.UseWhen(HasTwoEnds, static twice => twice.Run(Refuse));

    private static bool HasTwoEnds(HttpContext context) =>
        context.Request.Headers.TransferEncoding.Count > 0 && context.Request.Headers.ContainsKey(SetAside);

    private static Task Refuse(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        throw new FlowKitException(
            FlowErrorCode.InvalidArgument, "The request has both Content-Length and Transfer-Encoding; send one of them.");
    }
}
