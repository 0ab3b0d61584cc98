using System.Globalization;
using System.Text.Json.Nodes;
using FlowKit.Components.Schemas;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Launching;
using FlowKit.Configuration.Remote;
using FlowKit.Graph;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Security;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Dashboard;

/// <summary>
/// Answers <c>/status/flow</c>: the running flow as a graph, with the endpoints and who really works on each. The options of executors are
/// for those alone who may know what is set.
/// </summary>
/// <param name="flow">The flow.</param>
/// <param name="insight">Says who may know.</param>
internal sealed class FlowDrawing(FlowRuntime flow, Insight insight)
{
    private const string SearchEndpoint = "/search";

    public Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(Draw(insight.IsFor(context)), context.RequestAborted);
    }

    private JsonObject Draw(bool withOptions)
    {
        var (graph, endpoints, schemas, config) = (flow.Graph, flow.Endpoints, flow.Schemas, flow.Operations.Config);
        return new JsonObject
        {
            ["name"] = config.Name,
            ["title"] = config.Gateway.Title,
            ["description"] = config.Gateway.Description,
            ["examples"] = ArrayOf(config.Gateway.Examples),
            ["version"] = VersionOf(graph),
            ["can_reload"] = flow.Operations.CanReload,
            ["can_search"] = endpoints.ContainsKey(SearchEndpoint) && !config.Gateway.NoCrudEndpoints,
            ["can_show_pictures"] = endpoints.ContainsKey(PictureRoute.Endpoint),
            ["executors"] = new JsonArray([.. graph.Nodes.Select(node => (JsonNode)Draw(node, endpoints, withOptions))]),
            ["reply"] = ArrayOf(graph.Leaves),
            ["endpoints"] = new JsonArray(
                [.. endpoints.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (JsonNode)Draw(pair, schemas))]),
        };
    }

    /// <summary>Tells one graph from another, so that whoever has drawn one notices that the flow has been changed.</summary>
    public static int VersionOf(FlowGraph graph) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(graph);

    private static JsonObject Draw(
        FlowNode node, IReadOnlyDictionary<string, IReadOnlyList<string>> endpoints, bool withOptions)
    {
        var config = node.Config;
        var drawn = new JsonObject
        {
            ["name"] = node.Name,
            ["uses"] = config.Uses,
            ["description"] = config.Description,
            ["place"] = PlaceOf(config),
            ["needs"] = ArrayOf(node.Needs),
            ["floating"] = node.IsFloating,
            ["inspects"] = config.Inspects,
            ["conditional"] = config.When is not null,
            ["shards"] = config.Shards,
            ["device"] = config.Device,
            ["endpoints"] = ArrayOf(endpoints.Where(pair => pair.Value.Contains(node.Name)).Select(pair => pair.Key)),
            ["batching"] = new JsonObject(config.DynamicBatching.Select(pair => KeyValuePair.Create(
                pair.Key,
                (JsonNode?)string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pair.Value.PreferredBatchSize} documents, {pair.Value.Timeout.TotalMilliseconds} ms")))),
        };
        if (withOptions)
        {
            drawn["options"] = ShownOptions.Of(config);
        }

        return drawn;
    }

    private static string PlaceOf(ExecutorConfig config) => config switch
    {
        { Uses: RemoteSection.Executor } => "remote",
        { Launch.Runtime: LaunchConfig.InContainer } => "container",
        { Launch: not null } => "process",
        _ => "in-process",
    };

    private JsonObject Draw(
        KeyValuePair<string, IReadOnlyList<string>> endpoint, IReadOnlyDictionary<string, EndpointSchema> schemas)
    {
        var (name, executors) = endpoint;
        return new JsonObject
        {
            ["endpoint"] = name,
            ["default"] = name == RequestsAttribute.Default,
            ["executors"] = ArrayOf(executors),
            ["road"] = FlowRoad.Of(flow.Graph, executors),
            ["writes"] = flow.Writes(name),
            ["streams"] = schemas.TryGetValue(name, out var schema) && schema.IsGenerator,
        };
    }

    private static JsonArray ArrayOf(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode?)text)];
}
