using System.Net.WebSockets;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>The reason for which a socket is closed before its input has ended.</summary>
/// <param name="status">The close status.</param>
/// <param name="reason">The text that is sent with it.</param>
internal sealed class SocketRefusal(WebSocketCloseStatus status, string reason) : Exception(reason)
{
    private const int MaxReasonBytes = 123;

    public WebSocketCloseStatus Status { get; } = status;

    /// <summary>The reason, cut to what a close frame holds: 123 bytes of UTF-8.</summary>
    public string Reason => Shorten(Message);

    public static SocketRefusal Of(FlowError error) => new(
        error is { Code: FlowErrorCode.Unavailable, Executor: null }
            ? WebSocketCloseStatus.EndpointUnavailable
            : WebSocketCloseStatus.InternalServerError,
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
