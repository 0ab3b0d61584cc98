using System.Net;
using System.Net.Security;

namespace FlowKit.Wire.Grpc.Client;

/// <summary>Says how a connection is made and kept, and what it carries.</summary>
public sealed record GrpcConnectionOptions
{
    /// <summary>The largest message that is taken, in bytes. Default 256 MiB.</summary>
    public int MaxReceiveBytes { get; init; } = 256 << 20;

    /// <summary>The largest message that is sent, in bytes. Default 256 MiB.</summary>
    public int MaxSendBytes { get; init; } = 256 << 20;

    /// <summary>How a TLS server is checked and what this client shows it; <see langword="null"/> for the machine's own rules.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Where to connect, a Unix socket for example, instead of asking where the address's host is; <see langword="null"/> to ask.</summary>
    public EndPoint? Endpoint { get; init; }

    /// <summary>How long a connection may take to be made, TLS included. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be silent before it is pinged. Default 10 s.</summary>
    public TimeSpan KeepAliveDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a ping may stay unanswered before the connection is given up, with all that is asked over it. Default 5 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
