using FlowKit.Configuration.Flow;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// Lets nobody in without a key, as <c>Authorization: Bearer …</c> or <c>X-API-Key: …</c>. Open stay only the probes <c>/</c> and
/// <c>/ready</c>, and the files of the page at <c>/</c>.
/// </summary>
internal sealed class ApiKeyGuard(RequestDelegate next, ApiKeys keys)
{
    public const string Challenge = "Bearer realm=\"FlowKit\"";
    public const string Header = "X-API-Key";

    private const string Scheme = "Bearer ";

    /// <exception cref="FlowKitException">The file of keys cannot be read.</exception>
    public static void Use(IApplicationBuilder app, FlowConfig config, TimeProvider time, ILoggerFactory loggers)
    {
        if (config.Gateway.Security.NeedsKey)
        {
            app.UseMiddleware<ApiKeyGuard>(
                new ApiKeys(config.Gateway.Security, config.BaseDirectory, time, loggers.CreateLogger<ApiKeys>()));
        }
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (IsOpen(context) || (Shown(context.Request) is { Length: > 0 } key && keys.Contains(key)))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = Challenge;
        return Task.CompletedTask;
    }

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
}
