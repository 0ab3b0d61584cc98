using FlowKit.Configuration;
using FlowKit.Serving.Gateway.Http.Schemas;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Jina's HTTP routes, in one place from top to bottom.</summary>
internal static class HttpRoutes
{
    public static void Map(IEndpointRouteBuilder routes, HttpGateway gateway, GatewayConfig config)
    {
        routes.MapGet("/dry_run", gateway.DryRunAsync)
            .Describe("Send an empty document through every executor", "Answers code 0 when the whole flow works.").Produces<StatusSchema>();
        if (!config.NoDebugEndpoints)
        {
            routes.MapGet("/status", gateway.StatusAsync).Describe("Versions, uptime and queues of the running flow", "");
            Post(routes.MapPost("/post", context => gateway.PostAsync(context, endpoint: null)), "Post to any endpoint", "The body's execEndpoint names it.");
        }

        if (!config.NoCrudEndpoints)
        {
            Post(routes.MapPost("/index", context => gateway.PostAsync(context, "/index")), "Index documents", "Same as /post with execEndpoint /index.");
            Post(routes.MapPost("/search", context => gateway.PostAsync(context, "/search")), "Search with documents", "Each document's matches hold what was found.");
            Post(routes.MapPut("/update", context => gateway.PostAsync(context, "/update")), "Update indexed documents", "Known by their id.");
            Post(routes.MapDelete("/delete", context => gateway.PostAsync(context, "/delete")), "Delete indexed documents", "Known by their id.");
        }
    }

    private static void Post(IEndpointConventionBuilder route, string summary, string description) => route
        .Describe(summary, description)
        .WithMetadata(new AcceptsMetadata(["application/json"], typeof(RequestSchema)))
        .Produces<ReplySchema>();

    private static IEndpointConventionBuilder Describe(this IEndpointConventionBuilder route, string summary, string description) =>
        route.WithMetadata(new EndpointSummaryAttribute(summary), new EndpointDescriptionAttribute(description), new TagsAttribute("flow"));

    private static void Produces<T>(this IEndpointConventionBuilder route) =>
        route.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
}
