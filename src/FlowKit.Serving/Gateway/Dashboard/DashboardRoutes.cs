using System.Reflection;
using FlowKit.Serving.Gateway.Http.Description;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>The pages: a search page at <c>/</c> for a browser, the API's description at <c>/openapi.json</c> and <c>/docs</c>.</summary>
internal static class DashboardRoutes
{
    private const string ContentSecurityPolicy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    public static void Map(IEndpointRouteBuilder routes, FlowDescription description)
    {
        routes.MapGet("/", context => WantsHtml(context.Request) ? SendAsync(context, "index.html") : context.Response.WriteAsJsonAsync(new { }, context.RequestAborted))
            .ExcludeFromDescription();
        routes.MapGet("/openapi.json", description.AnswerAsync).ExcludeFromDescription();
        routes.MapGet("/docs", context => SendAsync(context, "docs.html")).ExcludeFromDescription();
        routes.MapGet("/assets/{name}", context => SendAsync(context, (string)context.GetRouteValue("name")!)).ExcludeFromDescription();
    }

    /// <summary>Liveness probes and Jina's clients ask for anything or JSON; only a browser asks for HTML by name.</summary>
    private static bool WantsHtml(HttpRequest request) => request.Headers.Accept.Any(value => value?.Contains("text/html", StringComparison.OrdinalIgnoreCase) ?? false);

    private static async Task SendAsync(HttpContext context, string name)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"wwwroot/{name}");
        if (stream is null || !s_types.TryGetValue(Path.GetExtension(name), out var type))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = type;
        context.Response.ContentLength = stream.Length;
        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await stream.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
