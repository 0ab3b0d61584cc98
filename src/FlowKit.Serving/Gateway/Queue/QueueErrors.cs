using FlowKit.Configuration.Gateway.Queue;
using RabbitMQ.Client.Exceptions;

namespace FlowKit.Serving.Gateway.Queue;

/// <summary>The words for what goes wrong with a queue.</summary>
internal static class QueueErrors
{
    /// <summary>The time after which a caller may come again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Tells whether an exception says that RabbitMQ is not there, or was not to the end; its client tells by a cancellation, too, that an
    /// answer did not come in time.
    /// </summary>
    /// <param name="exception">The exception.</param>
    /// <param name="cancellationToken">The token that ends the wait.</param>
    public static bool IsLost(Exception exception, CancellationToken cancellationToken) => exception is RabbitMQClientException
        or IOException or ObjectDisposedException or System.Net.Sockets.SocketException or TimeoutException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>The error of a request while there is no connection.</summary>
    public static FlowError NotConnected(string? reason) => new(
        FlowErrorCode.Unavailable,
        $"The request was not stored: there is no connection to the queue{(reason is null ? "" : $" ({reason})")}.")
    { RetryAfter = RetryAfter };

    /// <summary>The error of a request whose connection ended before RabbitMQ had answered.</summary>
    public static FlowError Lost(Exception exception) => new(
        FlowErrorCode.Unavailable,
        $"The connection to the queue ended before it said that the request is stored ({exception.Message}); "
        + "send it again with the same id.")
    { RetryAfter = RetryAfter };

    /// <summary>The error of a request for which the queue has no room.</summary>
    public static FlowError Full(QueueConfig config) => new(
        FlowErrorCode.ResourceExhausted,
        config.MaxLength is { } length
            ? $"The queue holds {length} requests (gateway.queue.max_length)."
            : "The queue takes no more requests.")
    { RetryAfter = RetryAfter };
}
