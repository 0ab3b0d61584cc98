using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>The routes of other systems that <c>gateway.compat</c> names.</summary>
internal static class CompatRoutes
{
    private static readonly Dictionary<string, Func<CompatFlow, CompatFamily>> s_families = new(StringComparer.Ordinal)
    {
        ["roboflow"] = flow => new RoboflowRoutes(flow),
        ["openai"] = flow => new OpenAiRoutes(flow),
        ["subnet19"] = flow => new Subnet19Routes(flow),
    };

    /// <summary>The names that <c>gateway.compat</c> writes.</summary>
    public static IReadOnlyCollection<string> Names => s_families.Keys;

    /// <summary>Maps the routes that a flow names.</summary>
    public static void Map(IEndpointRouteBuilder routes, FlowRuntime flow, FlowConfig config)
    {
        var reading = routes.MapGroup("").WithMetadata(new RequiredScope(ApiKeyScopes.Read));
        foreach (var family in Of(flow, config))
        {
            family.Map(reading);
        }
    }

    /// <summary>Returns the families that a flow names, in their order there.</summary>
    public static IEnumerable<CompatFamily> Of(FlowRuntime flow, FlowConfig config)
    {
        var documents = new CompatFlow(
            flow, new CompatModels(flow, config.Gateway.CompatTakesAnyModel, config.Name ?? "flowkit"));
        return config.Gateway.Compat.Select(name => s_families[name](documents));
    }
}
