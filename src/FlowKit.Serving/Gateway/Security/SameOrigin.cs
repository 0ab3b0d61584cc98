using FlowKit.Configuration.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// Refuses what a browser asks on behalf of a page of another origin, before its body is read: browsers let any page post a form or open a
/// WebSocket, and say only which page did. Programs say nothing of the kind and notice nothing.
/// </summary>
internal static class SameOrigin
{
    private const string FetchSite = "Sec-Fetch-Site";
    private const string FetchMode = "Sec-Fetch-Mode";

    /// <summary>Adds the refusal, but where <c>gateway.cors</c> lets pages of every origin in.</summary>
    public static void Use(IApplicationBuilder app, GatewayConfig config)
    {
        if (!config.Cors)
        {
            app.UseWhen(static context => !Allows(context), static foreign => foreign.Run(Refuse));
        }
    }

    /// <summary>Tells whether a request comes from a page of this gateway, from a program, or from a link to a page.</summary>
    public static bool Allows(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.Origin.Count == 0 && !headers.ContainsKey(FetchSite))
        {
            return true;
        }

        return IsOwn(context.Request) || IsVisit(context) || context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() is not null;
    }

    /// <summary>
    /// A proxy may end TLS, so that the scheme and port of the origin are not those of the request; but only a browser writes
    /// <c>Sec-Fetch-Site</c>, and a page cannot.
    /// </summary>
    private static bool IsOwn(HttpRequest request) => request.Headers.TryGetValue(FetchSite, out var site)
        ? site is ["same-origin"] or ["none"]
        : request.Headers.Origin is [{ Length: > 0 } origin]
            && Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && page.Scheme == request.Scheme
            && string.Equals(page.IdnHost, request.Host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
            && (request.Host.Port is { } port ? port == page.Port : page.IsDefaultPort);

    /// <summary>Somebody follows a link to a page, which does nothing by being shown.</summary>
    private static bool IsVisit(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.Request.Headers.Origin.Count == 0
        && context.Request.Headers[FetchMode] is ["navigate"]
        && context.GetEndpoint()?.Metadata.GetMetadata<VisitedPage>() is not null;

    private static Task Refuse(HttpContext context) => throw new FlowKitException(
        FlowErrorCode.PermissionDenied,
        context.WebSockets.IsWebSocketRequest
            ? "A page of another origin may not open a WebSocket here; 'cors: true' allows it."
            : "A page of another origin may not call this gateway; 'cors: true' allows it.");
}
