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

    /// <summary>The check of a TLS server, and what this client shows it; <see langword="null"/> for the machine's own rules.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The endpoint to connect to, a Unix socket for example; <see langword="null"/> to ask where the address's host is.</summary>
    public EndPoint? Endpoint { get; init; }

    /// <summary>The key that every call shows, as <c>authorization: Bearer</c>; <see langword="null"/> for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The time that a connection may take to be made, TLS included. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time that a connection may be silent before it is pinged. Default 10 s.</summary>
    public TimeSpan KeepAliveDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time that a ping may stay unanswered before the connection is given up, with all its calls. Default 5 s.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
