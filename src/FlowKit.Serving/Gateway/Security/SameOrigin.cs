using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// Tells whether a browser asks on behalf of a page of this gateway. Browsers let any page open a WebSocket, and say only which one did.
/// </summary>
internal static class SameOrigin
{
    public static bool Allows(HttpRequest request) =>
        request.Headers.Origin is not [{ Length: > 0 } origin]
        || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && string.Equals(page.IdnHost, request.Host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
            && (request.Host.Port is { } port ? port == page.Port : page.IsDefaultPort));
}
