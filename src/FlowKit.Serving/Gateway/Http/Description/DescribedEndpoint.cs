using FlowKit.Components;
using FlowKit.Configuration.Flow;

namespace FlowKit.Serving.Gateway.Http.Description;

/// <summary>The part that one executor has in an endpoint.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Executor">The executor's name in the flow.</param>
/// <param name="Method">The method that answers.</param>
/// <param name="Comments">The documentation comments of its assembly.</param>
internal sealed record DescribedEndpoint(string Endpoint, string Executor, EndpointMethod Method, DocumentationComments Comments)
{
    /// <summary>All parts of a flow, in the order of its executors.</summary>
    public static IReadOnlyList<DescribedEndpoint> Of(FlowConfig config, ComponentCatalog catalog) =>
        [.. config.Executors.SelectMany(executor =>
    {
        var descriptor = catalog.Resolve(executor, executor.BaseDirectory ?? config.BaseDirectory);
        var table = descriptor.BindEndpoints(executor.UsesRequests);
        return table.Endpoints.Select(
            endpoint => new DescribedEndpoint(endpoint, executor.Name, table.Find(endpoint)!, descriptor.Comments));
    })];
}
