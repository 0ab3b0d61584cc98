using FlowKit.Configuration.Gateway;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>A route that stands for one endpoint of the executors.</summary>
internal sealed record FlowRoute(string Method, string Path, string Endpoint, string Summary, string Description)
{
    private static readonly FlowRoute[] s_crud =
    [
        new(HttpMethods.Post, "/index", "/index", "Index documents", "Same as /post with execEndpoint /index."),
        new(HttpMethods.Post, "/search", "/search", "Search with documents", "Each document's matches hold what was found."),
        new(HttpMethods.Put, "/update", "/update", "Update indexed documents", "Known by their id."),
        new(HttpMethods.Delete, "/delete", "/delete", "Delete indexed documents", "Known by their id."),
    ];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Methods that say everything with their path may come without a body.</summary>
    public bool IsBodyOptional => HttpMethods.IsGet(Method) || HttpMethods.IsHead(Method) || HttpMethods.IsOptions(Method);

    /// <summary>The routes of a configuration: what <c>expose_endpoints</c> names, then Jina's four where it names nothing else.</summary>
    public static IReadOnlyList<FlowRoute> Of(GatewayConfig config)
    {
        var exposed = config.ExposedEndpoints.SelectMany(Of).ToList();
        var crud = config.NoCrudEndpoints
            ? []
            : s_crud.Where(own => !exposed.Exists(route => route.Method == own.Method && route.Path == own.Path));
        return [.. exposed, .. crud];
    }

    private static IEnumerable<FlowRoute> Of(ExposedEndpointConfig exposed) => exposed.Methods.Select(method =>
        new FlowRoute(
            method,
            exposed.Path,
            exposed.Endpoint,
            exposed.Summary ?? $"Post to {exposed.Endpoint}",
            exposed.Description ?? "")
        { Tags = exposed.Tags });
}
