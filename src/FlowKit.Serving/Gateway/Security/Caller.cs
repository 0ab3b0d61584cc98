using FlowKit.Configuration.Gateway;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>The holder of a key, as the request came in with it.</summary>
/// <param name="key">The key.</param>
/// <param name="keys">All keys.</param>
internal sealed class Caller(ApiKeyConfig key, ApiKeys keys)
{
    /// <summary>The caller of a request; <see langword="null"/> where it showed no key.</summary>
    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();

    /// <summary>Tells whether its key is one no more: taken out of the file, or expired, since the connection was opened.</summary>
    public bool IsWithdrawn => !keys.IsValid(key);

    /// <summary>Refuses what its key does not allow.</summary>
    /// <param name="scope">What is asked for.</param>
    /// <param name="what">What it is for, for the message.</param>
    /// <exception cref="FlowKitException">The key does not allow it, or is one no more.</exception>
    public void Require(ApiKeyScopes scope, string what)
    {
        if (IsWithdrawn)
        {
            throw new FlowKitException(FlowErrorCode.PermissionDenied, "The key with which this connection was opened is no longer valid.");
        }

        if (!key.Scopes.HasFlag(scope))
        {
            throw new FlowKitException(
                FlowErrorCode.PermissionDenied,
                $"This key{(key.Name is { } name ? $" ('{name}')" : "")} does not allow {what}: it needs the scope {Name(scope)}.");
        }
    }

    private static string Name(ApiKeyScopes scope) => scope.ToString().ToLowerInvariant();
}
