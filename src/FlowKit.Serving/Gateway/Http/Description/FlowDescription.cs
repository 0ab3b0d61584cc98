using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration.Flow;
using FlowKit.Graph;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Compat;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace FlowKit.Serving.Gateway.Http.Description;

/// <summary>
/// Answers <c>/openapi.json</c>: ASP.NET Core describes the routes, and each that stands for an endpoint gets what its executors
/// say of it: their names, the comments of their methods, and the parameters that they read. Made when it is first asked for, and anew
/// when the flow has been changed.
/// </summary>
internal sealed class FlowDescription
{
    /// <summary>The key of an operation under which its executors stand.</summary>
    public const string Executors = "x-flowkit-executors";

    private const string Parts = "#/components/schemas/";

    private readonly Func<Task<byte[]>> _make;
    private readonly FlowRuntime _flow;
    private (FlowGraph Graph, Lazy<Task<byte[]>> Text)? _made;

    /// <param name="config">The flow's configuration.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="services">The gateway's services.</param>
    /// <param name="document">The name of its OpenAPI document.</param>
    public FlowDescription(FlowConfig config, FlowRuntime flow, IServiceProvider services, string document)
    {
        _flow = flow;
        _make = () => MakeAsync(config, flow, services, document);
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var description = await Current().Value;
        context.Response.ContentType = "application/json;charset=utf-8";
        context.Response.ContentLength = description.Length;
        await context.Response.BodyWriter.WriteAsync(description, context.RequestAborted);
    }

    private Lazy<Task<byte[]>> Current()
    {
        lock (_make)
        {
            var graph = _flow.Graph;
            _made = _made is { } made && made.Graph == graph ? made : (graph, new Lazy<Task<byte[]>>(_make));
            return _made.Value.Text;
        }
    }

    private static async Task<byte[]> MakeAsync(FlowConfig config, FlowRuntime flow, IServiceProvider services, string name)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(name).GetOpenApiDocumentAsync();
        var description = (JsonObject)JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!;
        var prefix = PrefixOf(description);
        var described = DescribedEndpoint.Of(flow.Operations.Config, flow.Catalog);
        Complete(description, flow.Endpoints, described, FlowRoute.Of(config.Gateway), prefix);
        if (config.Gateway.DocArrayVersion == "v2")
        {
            EndpointOperations.Add(description, flow.Schemas, prefix);
        }

        CompatFamily[] families = [.. CompatRoutes.Of(flow, config)];
        OperationDetails.Add(description, config.Gateway, [.. families.SelectMany(family => family.Operations)], prefix);
        DescriptionOrder.Apply(description, [.. families.Select(family => family.System)]);
        return Encoding.UTF8.GetBytes(description.ToJsonString());
    }

    private static void Complete(
        JsonObject description,
        IReadOnlyDictionary<string, IReadOnlyList<string>> working,
        IReadOnlyList<DescribedEndpoint> all,
        IReadOnlyList<FlowRoute> routes,
        string prefix)
    {
        foreach (var route in routes)
        {
            var parts = Answering(working, all, route.Endpoint);
            if (description["paths"]?[prefix + route.Path]?[route.Method.ToLowerInvariant()] is JsonObject operation)
            {
                Describe(operation, parts);
                Refer(description, operation, route.Endpoint, ParametersSchema.Of(parts));
            }
        }

        if (description["paths"]?[$"{prefix}/post"]?["post"] is JsonObject post)
        {
            var endpoints = all.Select(part => part.Endpoint).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            var told = endpoints.Select(endpoint => $"`{endpoint}`: {Tell(Answering(working, all, endpoint))}");
            post["description"] = string.Join("\n\n", told.Prepend((string?)post["description"]));
            Show(post, working, all, [.. endpoints.Where(endpoint => !IsOwn(endpoint))]);
        }
    }

    /// <summary>Endpoints that people did not name: the default, and those that Jina's own machinery asks for.</summary>
    private static bool IsOwn(string endpoint) => endpoint is RequestsAttribute.Default or EndpointTable.DryRun;

    /// <summary>Endpoints without a path of their own are reached by the body, so that each has a body as an example.</summary>
    private static void Show(
        JsonObject post,
        IReadOnlyDictionary<string, IReadOnlyList<string>> working,
        IReadOnlyList<DescribedEndpoint> all,
        IReadOnlyList<string> endpoints)
    {
        var examples = endpoints.Select(endpoint => KeyValuePair.Create(endpoint, (JsonNode?)new JsonObject
        {
            ["summary"] = Tell(Answering(working, all, endpoint)),
            ["value"] = new JsonObject
            {
                ["data"] = new JsonArray(new JsonObject { ["text"] = "red apple" }),
                ["execEndpoint"] = endpoint,
            },
        }));
        if (endpoints.Count > 0 && post["requestBody"]?["content"]?["application/json"] is JsonObject content)
        {
            content["examples"] = new JsonObject(examples);
        }
    }

    /// <summary>Returns the prefix under which the gateway is mapped, by the path of its probe.</summary>
    private static string PrefixOf(JsonObject description) =>
        description["paths"]?.AsObject()
            .FirstOrDefault(path => path.Key.EndsWith("/dry_run", StringComparison.Ordinal)).Key?[..^"/dry_run".Length]
            ?? "";

    /// <summary>
    /// The executors that really work on an endpoint, as the flow tells it: those without the endpoint answer it by their default.
    /// </summary>
    private static List<DescribedEndpoint> Answering(
        IReadOnlyDictionary<string, IReadOnlyList<string>> working, IReadOnlyList<DescribedEndpoint> all, string endpoint)
    {
        var names = working.GetValueOrDefault(endpoint) ?? working.GetValueOrDefault(RequestsAttribute.Default) ?? [];
        return [.. names.Select(name => PartOf(name, endpoint) ?? PartOf(name, RequestsAttribute.Default)).OfType<DescribedEndpoint>()];

        DescribedEndpoint? PartOf(string executor, string named) =>
            all.FirstOrDefault(part => part.Executor == executor && part.Endpoint == named);
    }

    private static void Describe(JsonObject operation, List<DescribedEndpoint> parts)
    {
        var told = parts.Count == 0 ? "No executor of this flow answers it." : Tell(parts);
        operation["description"] = (string?)operation["description"] is { Length: > 0 } own ? $"{own}\n\n{told}" : told;
        operation[Executors] = new JsonArray([.. parts.Select(part => (JsonNode?)part.Executor)]);
    }

    private static string Tell(List<DescribedEndpoint> parts) =>
        string.Join(
            " ",
            parts.Select(
                part => part.Comments.Of(part.Method.Method) is { } comment ? $"{part.Executor}: {comment}" : $"{part.Executor}."));

    /// <summary>The request of an endpoint whose parameters are known is a schema of its own.</summary>
    private static void Refer(JsonObject description, JsonObject operation, string endpoint, JsonObject? parameters)
    {
        if (parameters is null
            || description["components"]?["schemas"] is not JsonObject schemas
            || schemas[nameof(Schemas.RequestSchema)] is not JsonObject usual)
        {
            return;
        }

        var name = $"RequestOf{endpoint.Replace('/', '.')}";
        var own = (JsonObject)usual.DeepClone();
        own["properties"]!["parameters"] = parameters;
        schemas[name] = own;
        foreach (var (_, content) in operation["requestBody"]?["content"]?.AsObject() ?? [])
        {
            content!["schema"] = new JsonObject { ["$ref"] = Parts + name };
        }
    }
}
