using FlowKit.Serving.Grpc;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// Headers of every HTTP answer for browsers: to take it for nothing else than it says it is, to run nothing of it, and to show it in
/// no frame. A page says for itself what it may run.
/// </summary>
internal static class SecurityHeaders
{
    private const string NothingRuns = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sets them; no browser reads a reply of gRPC.</summary>
    public static void Set(HttpContext context)
    {
        if (!GrpcPort.IsGrpc(context.Request))
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.ContentSecurityPolicy = NothingRuns;
        }
    }
}
