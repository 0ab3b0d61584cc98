namespace FlowKit.Wire.Grpc;

/// <summary>A call that did not end well: thrown to a client, and by a server's method to say so.</summary>
public sealed class GrpcException : Exception
{
    /// <summary>Throws a status.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="trailers">What was said with it.</param>
    /// <param name="innerException">What caused it.</param>
    public GrpcException(GrpcStatus status, GrpcMetadata? trailers = null, Exception? innerException = null)
        : base((status ?? throw new ArgumentNullException(nameof(status))).ToString(), innerException)
    {
        Status = status;
        Trailers = trailers ?? new GrpcMetadata();
    }

    /// <summary>Throws a code with a message.</summary>
    /// <param name="code">The code.</param>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">What caused it.</param>
    public GrpcException(GrpcStatusCode code, string message, Exception? innerException = null)
        : this(new GrpcStatus(code, message), null, innerException)
    {
    }

    /// <summary>How the call ended.</summary>
    public GrpcStatus Status { get; }

    /// <summary>The metadata at its end.</summary>
    public GrpcMetadata Trailers { get; }
}
