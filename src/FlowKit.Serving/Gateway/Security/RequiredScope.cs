using FlowKit.Configuration.Gateway;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>Says which scope a key must have for a route; the endpoints of the flow itself are looked at when they are known.</summary>
/// <param name="Scope">The scope.</param>
internal sealed record RequiredScope(ApiKeyScopes Scope);
