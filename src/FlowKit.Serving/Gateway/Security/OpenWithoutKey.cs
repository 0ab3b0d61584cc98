using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Security;

/// <summary>Marks an endpoint that answers without a key: probes, and the files of the page.</summary>
/// <param name="Segment">The part of the path that must be written exactly so, which routing alone does not ask for.</param>
internal sealed record OpenWithoutKey(string Segment)
{
    /// <summary>Returns whether a request is for such an endpoint.</summary>
    public static bool Allows(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<OpenWithoutKey>() is { } open
            && context.Request.Path.Value!.Contains(open.Segment, StringComparison.Ordinal);
}
