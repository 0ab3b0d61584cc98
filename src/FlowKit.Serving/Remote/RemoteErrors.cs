using System.Security.Authentication;
using FlowKit.Wire;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;
using Grpc.Core;
using Polly.CircuitBreaker;

namespace FlowKit.Serving.Remote;

/// <summary>Maps failures of calls to executors elsewhere to errors of the flow.</summary>
internal static class RemoteErrors
{
    private const string TooManyCalls = "Concurrent RPC limit exceeded";

    /// <summary>Makes the error that the executor itself reported.</summary>
    public static FlowError Of(WireStatus status, string executor) => new(FlowErrorCode.Internal, status.Message)
    {
        Executor = executor,
        ExceptionName = status.Exception is { Name.Length: > 0 } exception ? exception.Name : null,
        Details = DetailsOf(status),
    };

    /// <summary>Makes the error that an executor of this flow reported from its own process, the same as if it had been here.</summary>
    public static FlowError OfWorker(WireStatus status, string executor) =>
        status.Exception is { Name: var name } && Enum.TryParse<FlowErrorCode>(name, out var code) && Enum.IsDefined(code)
            ? new FlowError(code, status.Message) { Executor = executor, Details = DetailsOf(status) }
            : Of(status, executor);

    /// <summary>Takes over what the executor told of its exception; what it leaves out its entry here has.</summary>
    private static ExceptionDetails? DetailsOf(WireStatus status) => status.Exception is { } exception
        ? new ExceptionDetails(
            exception.Args.Count > 0 ? exception.Args : [status.Message],
            exception.Stacks,
            exception.Executor.Length > 0 ? exception.Executor : null)
        : null;

    /// <summary>Makes the error of an answer that is no documents.</summary>
    public static FlowKitException Unreadable(FlowKitException fault, string executor) =>
        new(
            new FlowError(FlowErrorCode.Internal, $"'{executor}' answered with documents that cannot be read: {fault.Error.Message}")
            {
                Executor = executor,
            },
            fault);

    /// <summary>Returns whether the executor cannot have seen the call, so that even a write may be tried elsewhere.</summary>
    public static bool WasNeverSent(Exception exception) => exception is BrokenCircuitException || CallFailure.WasNeverSent(exception);

    /// <summary>
    /// Returns whether the peer has refused the call because it has enough others, before anything looked at it: as FlowKit's gate does,
    /// which says when to come again, and the limit of calls of Python's grpcio.
    /// </summary>
    public static bool IsFull(Exception exception) =>
        exception is RpcException { StatusCode: StatusCode.ResourceExhausted } full
        && (RetryAfter.Find(full.Trailers) is not null || full.Status.Detail.StartsWith(TooManyCalls, StringComparison.Ordinal));

    /// <summary>Returns whether the worker has refused the call because it is another shard than the one that is meant.</summary>
    public static bool IsOtherShard(Exception exception) =>
        exception is RpcException { StatusCode: StatusCode.FailedPrecondition } refused
        && refused.Status.Detail.StartsWith(ShardIdentity.Refusal, StringComparison.Ordinal);

    /// <summary>Returns whether it may be the replica's own, which another would not have: no answer, or one of no executor.</summary>
    public static bool IsSuspicious(Exception exception) => exception is RpcException
    {
        StatusCode: StatusCode.Unavailable or StatusCode.Unknown or StatusCode.Internal or StatusCode.DeadlineExceeded
            or StatusCode.DataLoss,
    };

    /// <summary>Returns whether it says something about the way there, and not only about this call.</summary>
    public static bool IsTrouble(Exception exception) => exception is RpcException { StatusCode: StatusCode.Unavailable };

    /// <summary>The error of a call that got no reply, naming who was asked.</summary>
    public static FlowKitException Explain(Exception exception, string executor, string address)
    {
        var error = exception switch
        {
            FlowKitException known => known.Error,
            BrokenCircuitException broken =>
                new FlowError(
                    FlowErrorCode.Unavailable, $"'{executor}' at {address} has failed again and again and is left alone for a moment")
                {
                    RetryAfter = broken.RetryAfter,
                },
            RpcException grpc => new FlowError(GrpcStatusMap.ErrorOf(grpc.StatusCode), $"'{executor}' at {address}: {Words(grpc)}")
            {
                RetryAfter = RetryAfter.Find(grpc.Trailers),
            },
            _ => new FlowError(FlowErrorCode.Internal, $"'{executor}' at {address}: {exception.Message}"),
        };
        return new FlowKitException(error with { Executor = executor }, exception);
    }

    private static string Words(RpcException exception)
    {
        if (IsOtherShard(exception))
        {
            return exception.Status.Detail;
        }

        if (exception.StatusCode == StatusCode.Unimplemented)
        {
            return "there is no Jina executor behind this address";
        }

        if (Find<AuthenticationException>(exception) is { } refused)
        {
            return $"the TLS handshake failed: {refused.Message}";
        }

        return exception.Status.Detail.Length > 0 ? $"{exception.StatusCode}: {exception.Status.Detail}" : exception.StatusCode.ToString();
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not (null or T))
        {
            exception = exception.InnerException;
        }

        return (T?)exception;
    }
}
