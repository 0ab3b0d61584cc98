using FlowKit.Configuration.Gateway;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>Says of an endpoint which scope a key must have for it; the endpoints of a flow itself are looked at when they are known.</summary>
/// <param name="Scope">The scope.</param>
internal sealed record RequiredScope(ApiKeyScopes Scope);
