using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using FlowKit.Serving.Gateway.Http.Description;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Serving.Gateway.WebSocket;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>The pages: a search page at <c>/</c> for a browser, the API's description at <c>/openapi.json</c> and <c>/docs</c>.</summary>
internal static class DashboardRoutes
{
    private const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; frame-ancestors 'none'";

    /// <summary>The page's element for the address that its links start from, replaced once that is known.</summary>
    private const string Root = "<base href=\"/\">";

    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    public static void Map(IEndpointRouteBuilder routes, SocketGateway sockets, FlowDescription description)
    {
        routes.MapGet("/", SocketGateway.OrElse(sockets.RequestsAsync, RootAsync))
            .WithMetadata(new OpenWithoutKey(""), VisitedPage.Instance)
            .ExcludeFromDescription();
        routes.MapGet("/openapi.json", description.AnswerAsync).WithMetadata(VisitedPage.Instance).ExcludeFromDescription();
        routes.MapGet("/docs", context => SendPageAsync(context, "docs.html", "docs"))
            .WithMetadata(new OpenWithoutKey("/docs"), VisitedPage.Instance)
            .ExcludeFromDescription();
        routes.MapGet("/assets/{name}", context => SendAsync(context, (string)context.GetRouteValue("name")!))
            .WithMetadata(new OpenWithoutKey("/assets/"))
            .ExcludeFromDescription();
    }

    private static Task RootAsync(HttpContext context) =>
        WantsHtml(context.Request)
            ? SendPageAsync(context, "index.html", "")
            : context.Response.WriteAsJsonAsync(new { }, context.RequestAborted);

    /// <summary>Liveness probes and Jina's clients ask for anything or JSON; only a browser asks for HTML by name.</summary>
    private static bool WantsHtml(HttpRequest request) =>
        request.Headers.Accept.Any(value => value?.Contains("text/html", StringComparison.OrdinalIgnoreCase) ?? false);

    /// <summary>Sends a page whose links start where the gateway is mapped.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="name">The page's file.</param>
    /// <param name="route">Its route, from there.</param>
    private static async Task SendPageAsync(HttpContext context, string name, string route)
    {
        await using var stream = Open(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var path = (context.Request.PathBase + context.Request.Path).Value!;
        var root = route.Length == 0 ? $"{path.TrimEnd('/')}/" : path[..path.LastIndexOf(route, StringComparison.Ordinal)];
        var page = (await reader.ReadToEndAsync(context.RequestAborted))
            .Replace(Root, $"<base href=\"{HtmlEncoder.Default.Encode(root)}\">", StringComparison.Ordinal);
        SetHeaders(context.Response, s_types[".html"]);
        await context.Response.WriteAsync(page, context.RequestAborted);
    }

    private static async Task SendAsync(HttpContext context, string name)
    {
        await using var stream = Open(name);
        if (stream is null || !s_types.TryGetValue(Path.GetExtension(name), out var type))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        SetHeaders(context.Response, type);
        context.Response.ContentLength = stream.Length;
        await stream.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static Stream? Open(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream($"wwwroot/{name}");

    private static void SetHeaders(HttpResponse response, string type)
    {
        response.ContentType = type;
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
    }
}
