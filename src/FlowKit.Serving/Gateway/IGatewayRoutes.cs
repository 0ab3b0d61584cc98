using Microsoft.AspNetCore.Routing;

namespace FlowKit.Serving.Gateway;

/// <summary>Routes that a program adds to the gateway's own, such as <c>/metrics</c>; they ask for the same keys.</summary>
public interface IGatewayRoutes
{
    /// <summary>Maps them.</summary>
    /// <param name="routes">The gateway's routes.</param>
    void Map(IEndpointRouteBuilder routes);
}
