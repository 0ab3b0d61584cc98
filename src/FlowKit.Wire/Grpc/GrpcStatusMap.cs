namespace FlowKit.Wire.Grpc;

/// <summary>What a status code means that did not come from gRPC itself, as its public specification maps them.</summary>
public static class GrpcStatusMap
{
    /// <summary>The code of a response that carries no <c>grpc-status</c>.</summary>
    /// <param name="httpStatus">Its HTTP status.</param>
    public static GrpcStatusCode OfHttp(int httpStatus) => httpStatus switch
    {
        400 => GrpcStatusCode.Internal,
        401 => GrpcStatusCode.Unauthenticated,
        403 => GrpcStatusCode.PermissionDenied,
        404 => GrpcStatusCode.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
        _ => GrpcStatusCode.Unknown,
    };

    /// <summary>What a peer's status means to whoever asked it.</summary>
    /// <param name="code">The code.</param>
    public static FlowErrorCode ErrorOf(GrpcStatusCode code) => code switch
    {
        GrpcStatusCode.Unavailable => FlowErrorCode.Unavailable,
        GrpcStatusCode.DeadlineExceeded => FlowErrorCode.DeadlineExceeded,
        GrpcStatusCode.Cancelled => FlowErrorCode.Cancelled,
        GrpcStatusCode.ResourceExhausted => FlowErrorCode.ResourceExhausted,
        GrpcStatusCode.InvalidArgument or GrpcStatusCode.OutOfRange => FlowErrorCode.InvalidArgument,
        GrpcStatusCode.NotFound => FlowErrorCode.NotFound,
        GrpcStatusCode.PermissionDenied or GrpcStatusCode.Unauthenticated => FlowErrorCode.PermissionDenied,
        GrpcStatusCode.Unimplemented or GrpcStatusCode.FailedPrecondition => FlowErrorCode.FailedPrecondition,
        GrpcStatusCode.DataLoss => FlowErrorCode.DataLoss,
        _ => FlowErrorCode.Internal,
    };

    /// <summary>The code of a stream that the peer reset.</summary>
    /// <param name="error">The HTTP/2 error code of RST_STREAM or GOAWAY.</param>
    public static GrpcStatusCode OfReset(long error) => error switch
    {
        0x7 => GrpcStatusCode.Unavailable,
        0x8 => GrpcStatusCode.Cancelled,
        0xb => GrpcStatusCode.ResourceExhausted,
        0xc => GrpcStatusCode.PermissionDenied,
        _ => GrpcStatusCode.Internal,
    };
}
