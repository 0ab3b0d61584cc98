namespace FlowKit.Wire.Grpc;

/// <summary>The header names of gRPC over HTTP/2.</summary>
public static class GrpcHeaders
{
    /// <summary>The content type of every request and response.</summary>
    public const string ContentType = "application/grpc";

    /// <summary>The time that the caller waits.</summary>
    public const string Timeout = "grpc-timeout";

    /// <summary>The code at the end.</summary>
    public const string Status = "grpc-status";

    /// <summary>The text at the end, percent-encoded.</summary>
    public const string Message = "grpc-message";

    /// <summary>The header by which the client library is told to compress what a call sends; it never leaves the machine.</summary>
    internal const string CompressRequest = "grpc-internal-encoding-request";

    /// <summary>Returns whether a request or response is gRPC with protobuf messages.</summary>
    /// <param name="contentType">The content type, with or without parameters.</param>
    public static bool IsContentType(ReadOnlySpan<char> contentType)
    {
        var end = contentType.IndexOf(';');
        var media = (end < 0 ? contentType : contentType[..end]).Trim();
        return media.Equals(ContentType, StringComparison.OrdinalIgnoreCase)
            || media.Equals(ContentType + "+proto", StringComparison.OrdinalIgnoreCase);
    }
}
