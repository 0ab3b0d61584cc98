using FlowKit.Configuration.Gateway;
using FlowKit.Serving.Gateway.Http.Schemas;
using FlowKit.Serving.Gateway.Security;
using FlowKit.Serving.Gateway.WebSocket;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Jina's HTTP routes, in one place from top to bottom.</summary>
internal static class HttpRoutes
{
    /// <summary>The tag of routes that stand for endpoints of the executors.</summary>
    public const string Endpoints = "endpoints";

    /// <summary>The tag of routes for whoever runs the flow.</summary>
    public const string Operation = "operation";

    public static void Map(
        IEndpointRouteBuilder routes,
        HttpGateway gateway,
        SocketGateway sockets,
        AdminGateway admin,
        HealthGateway health,
        GatewayConfig config)
    {
        foreach (var route in FlowRoute.Of(config))
        {
            Map(routes, route.Method, route.Path, gateway.HandlerOf(route))
                .WithMetadata(route)
                .Describe(route.Summary, route.Description, [.. route.Tags.DefaultIfEmpty(Endpoints)])
                .WithMetadata(new AcceptsMetadata(RequestBody.ContentTypes, typeof(RequestSchema), isOptional: route.IsBodyOptional))
                .Produces<ReplySchema>();
        }

        MapHealth(routes, health, admin);
        MapAdministration(routes, admin);
        Map(routes, HttpMethods.Get, "/dry_run", SocketGateway.OrElse(sockets.DryRunAsync, gateway.DryRunAsync))
            .Describe("Send an empty document through every executor", "Answers code 0 when the whole flow works.")
                .Produces<StatusSchema>();
        if (config.DocArrayVersion == "v2")
        {
            // Which endpoints there are may change while the gateway serves; every other route goes before it.
            routes.MapMethods("/{**endpoint}", [HttpMethods.Get, HttpMethods.Post], gateway.EndpointAsync)
                .WithMetadata(new AcceptsMetadata(RequestBody.ContentTypes, isOptional: true), new ExcludeFromDescriptionAttribute());
        }

        if (!config.NoDebugEndpoints)
        {
            Map(routes, HttpMethods.Get, "/status", gateway.StatusAsync).Describe("Versions, uptime and queues of the running flow", "");
            MapPost(
                routes,
                HttpMethods.Post,
                "/post",
                gateway.HandlerOf(route: null),
                "Post to any endpoint",
                "The body's execEndpoint names it.");
        }
    }

    private static void MapHealth(IEndpointRouteBuilder routes, HealthGateway health, AdminGateway admin)
    {
        Map(routes, HttpMethods.Get, "/ready", admin.ReadyAsync)
            .WithMetadata(new OpenWithoutKey("/ready"))
            .Describe("Whether every executor serves", "503 while one does not; to holders of a key the body says which, and why.")
            .Produces<ReadySchema>();
        Map(routes, HttpMethods.Get, HealthGateway.Live, HealthGateway.LiveAsync)
            .WithMetadata(new OpenWithoutKey(HealthGateway.Live))
            .Describe("Whether the gateway answers", "For liveness probes: always 200.")
            .Produces<HealthSchema>();
        Map(routes, HttpMethods.Get, HealthGateway.Started, health.StartedAsync)
            .WithMetadata(new OpenWithoutKey(HealthGateway.Started))
            .Describe("Whether every executor has been loaded", "For startup probes: 503 until then, 200 from then on.")
            .Produces<HealthSchema>();
        Map(routes, HttpMethods.Get, HealthGateway.Ready, health.ReadyAsync)
            .WithMetadata(new OpenWithoutKey(HealthGateway.Ready))
            .Describe(
                "Whether every executor that a reply waits for serves",
                "For readiness probes: executors elsewhere are asked. 503 while one does not serve; holders of a key are told which.")
            .Produces<HealthSchema>();
    }

    private static void MapAdministration(IEndpointRouteBuilder routes, AdminGateway admin)
    {
        Map(routes, HttpMethods.Post, "/admin/scale", admin.ScaleAsync)
            .Describe(
                "Change how many replicas of an executor serve",
                "With a key of the scope admin: {\"executor\": \"encoder\", \"replicas\": 2}.")
            .WithMetadata(new RequiredScope(ApiKeyScopes.Admin))
            .WithMetadata(new AcceptsMetadata(["application/json"], typeof(ScaleSchema)))
            .Produces<ScaleSchema>();
        Map(routes, HttpMethods.Post, "/admin/pause", admin.PauseAsync)
            .Describe(
                "Have the requests to an executor wait before it, or go on",
                "With a key of the scope admin: {\"executor\": \"encoder\", \"paused\": true}. Calls that have begun end.")
            .WithMetadata(new RequiredScope(ApiKeyScopes.Admin))
            .WithMetadata(new AcceptsMetadata(["application/json"], typeof(PauseSchema)))
            .Produces<PauseSchema>();
        Map(routes, HttpMethods.Post, "/admin/reload", admin.ReloadAsync)
            .Describe("Read the flow's files again and apply what has changed", "With a key of the scope admin; no request is lost.")
            .WithMetadata(new RequiredScope(ApiKeyScopes.Admin))
            .WithMetadata(new AcceptsMetadata(["application/json"], typeof(ReloadSchema), isOptional: true))
            .Produces<ReloadSchema>();
    }

    /// <summary>The description lists only routes that carry their method.</summary>
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string method, string path, RequestDelegate handler) =>
        routes.MapMethods(path, [method], handler).WithMetadata(handler.Method);

    private static void MapPost(
        IEndpointRouteBuilder routes, string method, string path, RequestDelegate handler, string summary, string description) =>
        Map(routes, method, path, handler)
            .Describe(summary, description, Endpoints)
            .WithMetadata(new AcceptsMetadata(RequestBody.ContentTypes, typeof(RequestSchema)))
            .Produces<ReplySchema>();

    public static IEndpointConventionBuilder Describe(
        this IEndpointConventionBuilder route, string summary, string description, params string[] tags) =>
        route.WithMetadata(
            new EndpointSummaryAttribute(summary),
            new EndpointDescriptionAttribute(description),
            new TagsAttribute(tags.Length > 0 ? tags : [Operation]));

    public static void Produces<T>(this IEndpointConventionBuilder route, string contentType = "application/json") =>
        route.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [contentType]));
}
