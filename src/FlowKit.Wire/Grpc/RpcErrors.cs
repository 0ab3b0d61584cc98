using Grpc.Core;

namespace FlowKit.Wire.Grpc;

/// <summary>Makes the failures of gRPC calls: the one place, so that no text is longer than peers accept.</summary>
public static class RpcErrors
{
    /// <summary>Makes a failure.</summary>
    /// <param name="code">The code.</param>
    /// <param name="message">What happened; cut where it would take more than 4 KiB on the wire.</param>
    /// <param name="trailers">Said with it.</param>
    /// <param name="cause">What caused it; stays on this side.</param>
    public static RpcException Create(StatusCode code, string message, Metadata? trailers = null, Exception? cause = null) =>
        new(new Status(code, StatusText.Shorten(message), cause), trailers ?? Metadata.Empty);
}
