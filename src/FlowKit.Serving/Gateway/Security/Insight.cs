using FlowKit.Configuration.Gateway;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>
/// Says who may know what failed and what is set, which tells something of others' requests and of the machine: holders of a key, or
/// everybody where there are no keys and only this machine is listened to.
/// </summary>
/// <param name="config">The gateway's configuration.</param>
internal sealed class Insight(GatewayConfig config)
{
    /// <summary>Tells whether a caller may know.</summary>
    public bool IsFor(HttpContext context) => Caller.Of(context) is not null || (!config.Security.NeedsKey && config.IsLocal);
}
