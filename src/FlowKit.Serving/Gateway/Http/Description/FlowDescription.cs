using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Configuration.Flow;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace FlowKit.Serving.Gateway.Http.Description;

/// <summary>
/// Answers <c>/openapi.json</c>: ASP.NET Core describes the routes, and each that stands for an endpoint gets what its executors
/// say of it: their names, the comments of their methods, and the parameters that they read. Made once, when it is first asked for.
/// </summary>
internal sealed class FlowDescription
{
    private const string Parts = "#/components/schemas/";

    private readonly Lazy<Task<byte[]>> _description;

    /// <param name="config">The flow.</param>
    /// <param name="catalog">Its executors.</param>
    /// <param name="services">The gateway's services.</param>
    /// <param name="document">The name of its OpenAPI document.</param>
    public FlowDescription(FlowConfig config, ComponentCatalog catalog, IServiceProvider services, string document) =>
        _description = new Lazy<Task<byte[]>>(() => MakeAsync(config, catalog, services, document));

    public async Task AnswerAsync(HttpContext context)
    {
        var description = await _description.Value;
        context.Response.ContentType = "application/json;charset=utf-8";
        context.Response.ContentLength = description.Length;
        await context.Response.BodyWriter.WriteAsync(description, context.RequestAborted);
    }

    private static async Task<byte[]> MakeAsync(FlowConfig config, ComponentCatalog catalog, IServiceProvider services, string name)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(name).GetOpenApiDocumentAsync();
        var description = (JsonObject)JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1))!;
        Complete(description, DescribedEndpoint.Of(config, catalog), FlowRoute.Of(config.Gateway));
        return Encoding.UTF8.GetBytes(description.ToJsonString());
    }

    private static void Complete(JsonObject description, IReadOnlyList<DescribedEndpoint> all, IReadOnlyList<FlowRoute> routes)
    {
        var prefix = PrefixOf(description);
        foreach (var route in routes)
        {
            var parts = Answering(all, route.Endpoint);
            if (description["paths"]?[prefix + route.Path]?[route.Method.ToLowerInvariant()] is JsonObject operation)
            {
                Describe(operation, parts);
                Refer(description, operation, route.Endpoint, ParametersSchema.Of(parts));
            }
        }

        if (description["paths"]?[$"{prefix}/post"]?["post"] is JsonObject post)
        {
            var endpoints = all.Select(part => part.Endpoint).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            post["description"] = string.Join(
                "\n\n",
                endpoints.Select(endpoint => $"`{endpoint}`: {Tell(Answering(all, endpoint))}").Prepend((string?)post["description"]));
        }
    }

    /// <summary>Returns the prefix under which the gateway is mapped, by the path of its probe.</summary>
    private static string PrefixOf(JsonObject description) =>
        description["paths"]?.AsObject()
            .FirstOrDefault(path => path.Key.EndsWith("/ready", StringComparison.Ordinal)).Key?[..^"/ready".Length]
            ?? "";

    /// <summary>Executors without the endpoint answer it by their default, where they have one.</summary>
    private static List<DescribedEndpoint> Answering(IReadOnlyList<DescribedEndpoint> all, string endpoint) => [.. all
        .Where(part => part.Endpoint == endpoint || part.Endpoint == RequestsAttribute.Default)
        .GroupBy(part => part.Executor, StringComparer.Ordinal)
        .Select(group => group.FirstOrDefault(part => part.Endpoint == endpoint) ?? group.First())];

    private static void Describe(JsonObject operation, List<DescribedEndpoint> parts)
    {
        var told = parts.Count == 0 ? "No executor of this flow answers it." : Tell(parts);
        operation["description"] = (string?)operation["description"] is { Length: > 0 } own ? $"{own}\n\n{told}" : told;
        operation["x-flowkit-executors"] = new JsonArray([.. parts.Select(part => (JsonNode?)part.Executor)]);
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
