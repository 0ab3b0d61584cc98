using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// Lets nobody in without a key, as <c>Authorization: Bearer …</c> or <c>X-API-Key: …</c>. Open stay only the probes <c>/</c> and
/// <c>/ready</c>, and the files of the pages at <c>/</c> and <c>/docs</c>, which hold nothing of the flow. Where the flow has no keys,
/// the routes below <c>/admin</c> alone need one.
/// </summary>
internal sealed class ApiKeyGuard(RequestDelegate next, ApiKeys keys, ApiKeyGuard.Extent extent)
{
    public const string Challenge = "Bearer realm=\"FlowKit\"";
    public const string Header = "X-API-Key";

    private const string Scheme = "Bearer ";

    /// <exception cref="FlowKitException">The file of keys cannot be read.</exception>
    public static void Use(IApplicationBuilder app, FlowConfig config, TimeProvider time, ILoggerFactory loggers, AdminToken? token)
    {
        var security = config.Gateway.Security;
        var keys = new ApiKeys(
            security, config.BaseDirectory, time, loggers.CreateLogger<ApiKeys>(), token is null ? [] : [token.AsKey]);
        if (security.NeedsKey)
        {
            app.UseMiddleware<ApiKeyGuard>(keys, Extent.All);
        }
        else
        {
            app.UseWhen(static context => ScopeOf(context) is ApiKeyScopes.Admin || Shown(context.Request) is not null,
                some => some.UseMiddleware<ApiKeyGuard>(keys, Extent.AdminAlone));
        }
    }

    public Task InvokeAsync(HttpContext context)
    {
        var caller = Shown(context.Request) is { Length: > 0 } shown && keys.Find(shown) is { } key ? new Caller(key, keys) : null;
        context.Features.Set(caller);
        var scope = ScopeOf(context);
        if (caller is not null && scope is { } required)
        {
            caller.Require(required, context.Request.Path);
        }

        if (caller is not null || IsOpen(context) || (extent == Extent.AdminAlone && scope is not ApiKeyScopes.Admin))
        {
            return next(context);
        }

        if (extent == Extent.AdminAlone)
        {
            throw new FlowKitException(
                FlowErrorCode.PermissionDenied,
                "The /admin routes need a key with the scope admin, or the token of this start, which 'flowkit scale' reads on this "
                    + "machine.");
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = Challenge;
        return Task.CompletedTask;
    }

    private static ApiKeyScopes? ScopeOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>()?.Scope;

    /// <summary>A WebSocket opens at <c>/</c> too, and carries requests.</summary>
    private static bool IsOpen(HttpContext context) =>
        !context.WebSockets.IsWebSocketRequest && OpenWithoutKey.Allows(context);

    /// <summary>A header that comes twice is no key: which of them counted would be a guess.</summary>
    private static string? Shown(HttpRequest request)
    {
        if (request.Headers.TryGetValue(Header, out var own))
        {
            return own.Count == 1 ? own[0] : null;
        }

        return request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[Scheme.Length..].Trim()
            : null;
    }

    /// <summary>The routes that need a key.</summary>
    internal enum Extent
    {
        /// <summary>All but the open ones.</summary>
        All,

        /// <summary>Those below <c>/admin</c>.</summary>
        AdminAlone,
    }
}
