using System.Buffers;

namespace FlowKit.Serving.Gateway.SharedPorts;

/// <summary>
/// The bytes by which an HTTP/2 connection begins (RFC 9113, 3.4). No request of HTTP/1.1 begins so: there is no method PRI.
/// </summary>
internal static class Http2Preface
{
    private static ReadOnlySpan<byte> Bytes => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Tells whether a connection begins so; <see langword="null"/> while too little has come to say.</summary>
    /// <param name="arrived">What has come.</param>
    public static bool? Matches(ReadOnlySequence<byte> arrived)
    {
        var reader = new SequenceReader<byte>(arrived);
        foreach (var expected in Bytes)
        {
            if (!reader.TryRead(out var next))
            {
                return null;
            }

            if (next != expected)
            {
                return false;
            }
        }

        return true;
    }
}
