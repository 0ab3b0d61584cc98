using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace FlowKit.Wire.Grpc.Client;

/// <summary>Reads what a response says before and after its messages.</summary>
internal static class CallEnd
{
    /// <summary>Whether a response is one of gRPC, and can be read.</summary>
    /// <exception cref="GrpcException">It is not.</exception>
    public static void Check(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new GrpcException(StatusOf(response.Headers) ?? new GrpcStatus(GrpcStatusMap.OfHttp((int)response.StatusCode), $"The server answered HTTP {(int)response.StatusCode}."), MetadataOf(response.Headers));
        }

        var type = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : "";
        if (!GrpcHeaders.IsContentType(type))
        {
            throw new GrpcException(GrpcStatusCode.Unknown, $"The server answered with the content type '{type}' instead of {GrpcHeaders.ContentType}.");
        }
    }

    /// <exception cref="GrpcException">The encoding is not known.</exception>
    public static GrpcEncoding EncodingOf(HttpResponseMessage response) =>
        GrpcCompression.TryFind(Find(response.Headers, GrpcHeaders.Encoding), out var encoding)
            ? encoding
            : throw new GrpcException(GrpcStatusCode.Internal, $"The server compresses with '{Find(response.Headers, GrpcHeaders.Encoding)}', which was not offered.");

    /// <summary>The status among headers or trailers; <see langword="null"/> when there is none.</summary>
    public static GrpcStatus? StatusOf(HttpResponseHeaders headers)
    {
        if (Find(headers, GrpcHeaders.Status) is not { } text)
        {
            return null;
        }

        var known = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code <= (int)GrpcStatusCode.Unauthenticated;
        return new GrpcStatus(known ? (GrpcStatusCode)code : GrpcStatusCode.Unknown, StatusText.Decode(Find(headers, GrpcHeaders.Message) ?? ""))
        {
            Details = Find(headers, GrpcHeaders.StatusDetails) is { } details && GrpcMetadata.TryDecode(details, out var bytes) ? bytes : default,
        };
    }

    public static GrpcMetadata MetadataOf(HttpResponseHeaders headers)
    {
        var metadata = new GrpcMetadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values)
            {
                metadata.Receive(name, value);
            }
        }

        return metadata;
    }

    private static string? Find(HttpResponseHeaders headers, string name) => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
