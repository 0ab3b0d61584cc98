using FlowKit.Wire.Grpc;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Grpc;

/// <summary>Every error's status: the one place where gRPC's codes are chosen.</summary>
internal static class GrpcErrors
{
    /// <summary>The code of a failure of the flow.</summary>
    public static GrpcStatusCode CodeOf(FlowErrorCode code) => code switch
    {
        FlowErrorCode.InvalidArgument => GrpcStatusCode.InvalidArgument,
        FlowErrorCode.NotFound => GrpcStatusCode.NotFound,
        FlowErrorCode.PermissionDenied => GrpcStatusCode.PermissionDenied,
        FlowErrorCode.ResourceExhausted or FlowErrorCode.PayloadTooLarge => GrpcStatusCode.ResourceExhausted,
        FlowErrorCode.DeadlineExceeded => GrpcStatusCode.DeadlineExceeded,
        FlowErrorCode.Cancelled => GrpcStatusCode.Cancelled,
        FlowErrorCode.FailedPrecondition => GrpcStatusCode.FailedPrecondition,
        FlowErrorCode.Unavailable => GrpcStatusCode.Unavailable,
        FlowErrorCode.DataLoss => GrpcStatusCode.DataLoss,
        _ => GrpcStatusCode.Internal,
    };

    /// <summary>The status of what a method threw; <see langword="null"/> for what nobody foresaw, whose text stays inside.</summary>
    public static GrpcStatus? StatusOf(Exception exception, ICaller? caller) => exception switch
    {
        _ when caller is { HasExpired: true } => new GrpcStatus(GrpcStatusCode.DeadlineExceeded, $"The deadline of {caller.Timeout} passed."),
        GrpcException known => known.Status,
        FlowKitException known => new GrpcStatus(CodeOf(known.Error.Code), known.Message),
        OperationCanceledException => new GrpcStatus(GrpcStatusCode.Cancelled, "The call was given up."),
        InvalidDataException wrong => new GrpcStatus(GrpcStatusCode.InvalidArgument, wrong.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new GrpcStatus(GrpcStatusCode.ResourceExhausted, "The request is larger than the limit."),
        BadHttpRequestException bad => new GrpcStatus(GrpcStatusCode.InvalidArgument, bad.Message),
        IOException => new GrpcStatus(GrpcStatusCode.Cancelled, "The caller has gone."),
        _ => null,
    };
}
