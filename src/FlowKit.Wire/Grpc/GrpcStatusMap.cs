using Grpc.Core;

namespace FlowKit.Wire.Grpc;

/// <summary>Maps FlowKit's errors to the status codes of gRPC and back.</summary>
public static class GrpcStatusMap
{
    /// <summary>Returns the status code of a failure of the flow.</summary>
    /// <param name="code">The failure.</param>
    public static StatusCode CodeOf(FlowErrorCode code) => code switch
    {
        FlowErrorCode.InvalidArgument => StatusCode.InvalidArgument,
        FlowErrorCode.NotFound => StatusCode.NotFound,
        FlowErrorCode.PermissionDenied => StatusCode.PermissionDenied,
        FlowErrorCode.ResourceExhausted or FlowErrorCode.PayloadTooLarge => StatusCode.ResourceExhausted,
        FlowErrorCode.DeadlineExceeded => StatusCode.DeadlineExceeded,
        FlowErrorCode.Cancelled => StatusCode.Cancelled,
        FlowErrorCode.FailedPrecondition => StatusCode.FailedPrecondition,
        FlowErrorCode.Unavailable => StatusCode.Unavailable,
        FlowErrorCode.DataLoss => StatusCode.DataLoss,
        _ => StatusCode.Internal,
    };

    /// <summary>Returns what a peer's status means to whoever asked it.</summary>
    /// <param name="code">The code.</param>
    public static FlowErrorCode ErrorOf(StatusCode code) => code switch
    {
        StatusCode.Unavailable => FlowErrorCode.Unavailable,
        StatusCode.DeadlineExceeded => FlowErrorCode.DeadlineExceeded,
        StatusCode.Cancelled => FlowErrorCode.Cancelled,
        StatusCode.ResourceExhausted => FlowErrorCode.ResourceExhausted,
        StatusCode.InvalidArgument or StatusCode.OutOfRange => FlowErrorCode.InvalidArgument,
        StatusCode.NotFound => FlowErrorCode.NotFound,
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => FlowErrorCode.PermissionDenied,
        StatusCode.Unimplemented or StatusCode.FailedPrecondition => FlowErrorCode.FailedPrecondition,
        StatusCode.DataLoss => FlowErrorCode.DataLoss,
        _ => FlowErrorCode.Internal,
    };
}
