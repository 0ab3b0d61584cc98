using FlowKit.Serving.Gateway.Http;
using FlowKit.Serving.Gateway.Http.Schemas;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>The routes from which the page shows the running flow; left out with <c>/status</c> by <c>no_debug_endpoints</c>.</summary>
internal static class StatusRoutes
{
    public static void Map(IEndpointRouteBuilder routes, FlowDrawing drawing, FlowEvents events, RequestList requests)
    {
        HttpRoutes.Map(routes, HttpMethods.Get, "/status/flow", drawing.AnswerAsync)
            .Describe("The running flow as a graph", "Executors, what each needs, and who works on each endpoint.")
            .Produces<DrawnFlowSchema>();
        HttpRoutes.Map(routes, HttpMethods.Get, "/status/events", events.AnswerAsync)
            .Describe("How the flow is, once a second", "Server-sent events named status, with queues, replicas, rates and latencies.")
            .Produces<string>(EventStream.ContentType);
        HttpRoutes.Map(routes, HttpMethods.Get, "/status/requests", requests.AnswerAsync)
            .Describe("The slowest requests of the last minutes and the last that failed", "Each with its hops.")
            .Produces<RequestListSchema>();
    }
}
