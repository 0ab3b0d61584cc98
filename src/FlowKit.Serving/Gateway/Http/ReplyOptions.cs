using FlowKit.Wire.Json;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Gateway.Http;

/// <summary>Reads from the query how the caller wants its JSON: <c>?arrays=base64</c>, <c>?nulls=false</c>.</summary>
internal static class ReplyOptions
{
    /// <param name="request">The request.</param>
    /// <param name="usual">The form where the query says nothing.</param>
    /// <exception cref="FlowKitException">A value is not one of those.</exception>
    public static JsonWireOptions Read(HttpRequest request, JsonWireOptions usual)
    {
        if (!request.QueryString.HasValue)
        {
            return usual;
        }

        var arrays = (string?)request.Query["arrays"] switch
        {
            null or "list" => ArrayFormat.List,
            "base64" => ArrayFormat.Base64,
            var other => throw new FlowKitException(FlowErrorCode.InvalidArgument, $"arrays: '{other}' is neither 'list' nor 'base64'."),
        };
        var nulls = (string?)request.Query["nulls"] switch
        {
            null => !usual.SkipNulls,
            "true" => true,
            "false" => false,
            var other => throw new FlowKitException(FlowErrorCode.InvalidArgument, $"nulls: '{other}' is neither 'true' nor 'false'."),
        };
        return usual with { Arrays = arrays, SkipNulls = !nulls };
    }
}
