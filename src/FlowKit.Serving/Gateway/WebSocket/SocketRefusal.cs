using System.Net.WebSockets;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>The reason for which a socket is closed before its input has ended.</summary>
/// <param name="status">The close status.</param>
/// <param name="reason">The text that is sent with it.</param>
internal sealed class SocketRefusal(WebSocketCloseStatus status, string reason) : Exception(reason)
{
    /// <summary>A status of RFC 6455's registry that the library has no name for.</summary>
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    private const int MaxReasonBytes = 123;

    public WebSocketCloseStatus Status { get; } = status;

    /// <summary>The reason, cut to what a close frame holds: 123 bytes of UTF-8.</summary>
    public string Reason => Shorten(Message);

    public static SocketRefusal Of(FlowError error) => new(
        error is { Code: FlowErrorCode.Unavailable, Executor: null }
            ? WebSocketCloseStatus.EndpointUnavailable
            : WebSocketCloseStatus.InternalServerError,
        error.Message);

    /// <summary>Makes the reason for which a message is not taken.</summary>
    public static SocketRefusal OfInput(FlowError error) => new(
        error.Code switch
        {
            FlowErrorCode.PayloadTooLarge => WebSocketCloseStatus.MessageTooBig,
            FlowErrorCode.ResourceExhausted => TryAgainLater,
            _ => WebSocketCloseStatus.InvalidPayloadData,
        },
        error.Message);

    private static string Shorten(string text)
    {
        var bytes = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxReasonBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
