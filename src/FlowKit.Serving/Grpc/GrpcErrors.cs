using FlowKit.Wire.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace FlowKit.Serving.Grpc;

/// <summary>Maps what a method throws to the status that its caller is told.</summary>
internal static class GrpcErrors
{
    /// <summary>Makes the end of a call that the flow refuses or fails.</summary>
    public static RpcException Of(FlowError error) =>
        RpcErrors.Create(GrpcStatusMap.CodeOf(error.Code), error.Message, RetryAfter.Of(error.RetryAfter));

    /// <summary>Makes the end of a stream that would go on while the server stops.</summary>
    public static RpcException Stopping() => RpcErrors.Create(StatusCode.Unavailable, "The server stops.");

    /// <summary>Makes the end of a call; <see langword="null"/> for what nobody foresaw, whose text stays inside.</summary>
    public static RpcException? Of(Exception exception, ICaller caller) => exception switch
    {
        _ when caller.HasExpired => RpcErrors.Create(StatusCode.DeadlineExceeded, "The deadline passed.", cause: exception),
        RpcException known => known,
        FlowKitException known => Of(known.Error),
        OperationCanceledException => RpcErrors.Create(StatusCode.Cancelled, "The call was given up.", cause: exception),
        InvalidDataException wrong => RpcErrors.Create(StatusCode.InvalidArgument, wrong.Message, cause: wrong),
        BadHttpRequestException bad => RpcErrors.Create(StatusCode.InvalidArgument, bad.Message, cause: bad),
        IOException => RpcErrors.Create(StatusCode.Cancelled, "The caller has gone.", cause: exception),
        _ => null,
    };
}
