using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowKit.Serving.Grpc;

/// <summary>
/// Gives the library the methods of a flow. It reads options and methods of a service when the service is mapped, and never again, which is
/// what lets each flow of a program have its own.
/// </summary>
/// <param name="options">The options of FlowKit's services, set anew before each mapping.</param>
/// <param name="lifetime">The program's.</param>
/// <param name="logger">The log of what methods throw that nobody foresaw.</param>
internal sealed class GrpcMethodSource(
    IOptions<GrpcServiceOptions<FlowGrpcService>> options, IHostApplicationLifetime lifetime, ILogger<GrpcMethodSource> logger)
    : IServiceMethodProvider<FlowGrpcService>
{
    private readonly Lock _mapping = new();
    private (GrpcLimits Limits, Action<GrpcMethodBinder> Bind)? _asked;

    /// <summary>Maps methods.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="limits">What they accept.</param>
    /// <param name="bind">Adds the methods.</param>
    public IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, GrpcLimits limits, Action<GrpcMethodBinder> bind)
    {
        lock (_mapping)
        {
            limits.Apply(options.Value);
            _asked = (limits, bind);
            var mapped = endpoints.MapGrpcService<FlowGrpcService>();
            _asked = null;
            mapped.Add(GrpcGate.Apply);
            return mapped;
        }
    }

    /// <inheritdoc/>
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<FlowGrpcService> context) =>
        _asked?.Bind(new GrpcMethodBinder(context, _asked.Value.Limits, logger, lifetime.ApplicationStopping));
}
