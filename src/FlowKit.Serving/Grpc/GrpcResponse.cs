using System.Globalization;
using FlowKit.Wire.Grpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace FlowKit.Serving.Grpc;

/// <summary>Writes what gRPC says around messages.</summary>
internal static class GrpcResponse
{
    private static readonly string[] s_codes = [.. Enumerable.Range(0, (int)GrpcStatusCode.Unauthenticated + 1).Select(code => code.ToString(CultureInfo.InvariantCulture))];

    public static void Begin(HttpResponse response, GrpcMetadata? headers, GrpcEncoding encoding)
    {
        response.ContentType = GrpcHeaders.ContentType;
        if (encoding != GrpcEncoding.Identity)
        {
            response.Headers[GrpcHeaders.Encoding] = GrpcCompression.NameOf(encoding);
        }

        Add(response.Headers, headers);
    }

    /// <summary>Ends a call; without messages before it, everything goes in the one block that HTTP/2 allows at least.</summary>
    public static void End(HttpResponse response, GrpcStatus status, GrpcMetadata? headers, GrpcMetadata? trailers, bool begun)
    {
        IHeaderDictionary target;
        if (begun)
        {
            target = response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        }
        else
        {
            Begin(response, headers, GrpcEncoding.Identity);
            target = response.Headers;
        }

        Add(target, trailers);
        target[GrpcHeaders.Status] = s_codes[(int)status.Code];
        if (status.Message.Length > 0)
        {
            target[GrpcHeaders.Message] = StatusText.Encode(status.Message);
        }

        if (!status.Details.IsEmpty)
        {
            target[GrpcHeaders.StatusDetails] = Convert.ToBase64String(status.Details.Span).TrimEnd('=');
        }
    }

    private static void Add(IHeaderDictionary target, GrpcMetadata? metadata)
    {
        foreach (var (name, value) in metadata?.Entries ?? [])
        {
            target[name] = StringValues.Concat(target[name], value);
        }
    }
}
