using System.Security.Authentication;
using Grpc.Core;

namespace FlowKit.Wire.Grpc.Client;

/// <summary>Tells whose doing the end of a call was: the caller's, the deadline's, the server's, or the connection's.</summary>
public static class CallFailure
{
    /// <summary>Named in the text of the only exception that tells of a ping that was not answered.</summary>
    private const string Ping = "KeepAlivePing";

    /// <summary>Returns what a caller is thrown.</summary>
    /// <param name="exception">What the library threw.</param>
    /// <param name="cancellationToken">The token by which the caller gives the call up.</param>
    public static Exception Explain(RpcException exception, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var cause = exception.Status.DebugException;
        if (cancellationToken.IsCancellationRequested && (exception.StatusCode == StatusCode.Cancelled || cause is not null))
        {
            return new OperationCanceledException(exception.Status.Detail, exception, cancellationToken);
        }

        if (cause is not null && (exception.StatusCode == StatusCode.Unavailable || IsConnectionLost(cause)))
        {
            return RpcErrors.Create(StatusCode.Unavailable, Describe(cause), exception.Trailers, cause);
        }

        return exception is { StatusCode: StatusCode.DeadlineExceeded, Status.Detail.Length: 0 }
            ? RpcErrors.Create(StatusCode.DeadlineExceeded, "The deadline passed.", exception.Trailers, cause)
            : exception;
    }

    /// <summary>Returns whether a call failed before the server can have seen it.</summary>
    /// <param name="cause">What happened, with what caused it.</param>
    public static bool WasNeverSent(Exception? cause) => cause switch
    {
        null => false,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => true,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => true,
        OperationCanceledException { InnerException: TimeoutException } => true,
        _ => WasNeverSent(cause.InnerException),
    };

    /// <summary>
    /// The library takes much for the server's doing that is the connection's: one that is not made in time, TLS or HTTP/2 that does not
    /// come about, a ping without an answer. A stream that the server resets is the server's doing.
    /// </summary>
    private static bool IsConnectionLost(Exception cause)
    {
        var isOfTransport = false;
        for (var each = cause; each is not null; each = each.InnerException)
        {
            if (each is HttpProtocolException protocol)
            {
                return protocol.Message.Contains(Ping, StringComparison.Ordinal);
            }

            isOfTransport |= each is HttpRequestException;
        }

        return isOfTransport || WasNeverSent(cause);
    }

    private static string Describe(Exception cause)
    {
        for (var each = cause; each is not null; each = each.InnerException)
        {
            if (each is AuthenticationException refused)
            {
                return $"TLS was refused: {refused.Message}";
            }
        }

        return cause.GetBaseException().Message;
    }
}
