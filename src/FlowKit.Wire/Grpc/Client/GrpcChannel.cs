using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;

namespace FlowKit.Wire.Grpc.Client;

/// <summary>A client's way to one server: calls of every kind over one HTTP/2 connection, made when first needed and made anew when lost. Thread-safe.</summary>
public sealed class GrpcChannel : IDisposable
{
    private const int StreamWindow = 1 << 20;

    private readonly HttpMessageInvoker _http;

    /// <summary>Prepares a channel; nothing is connected yet.</summary>
    /// <param name="address"><c>grpc://host:port</c> or <c>http://</c> for clear text, <c>grpcs://</c> or <c>https://</c> for TLS.</param>
    /// <param name="options">How it connects.</param>
    /// <exception cref="ArgumentException">The address has another scheme.</exception>
    public GrpcChannel(Uri address, GrpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        Options = options ?? new GrpcChannelOptions();
        Address = Normalize(address);
        _http = new HttpMessageInvoker(NewHandler(Options));
    }

    /// <summary>The server, as <c>http</c> or <c>https</c>.</summary>
    public Uri Address { get; }

    internal GrpcChannelOptions Options { get; }

    /// <summary>Asks with one message and takes one.</summary>
    /// <typeparam name="TRequest">What is sent.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="request">The message.</param>
    /// <param name="options">What is said beside it.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="GrpcException">It did not end well, or not with exactly one message.</exception>
    public async Task<GrpcReply<TResponse>> UnaryAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var call = Start(method, request, options, cancellationToken);
        return await call.ReadSingleAsync();
    }

    /// <summary>Begins a call whose one message is sent at once: unary, or answered by a stream.</summary>
    /// <typeparam name="TRequest">What is sent.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="request">The message.</param>
    /// <param name="options">What is said beside it.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public GrpcCall<TRequest, TResponse> Start<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        options ??= GrpcCallOptions.None;
        return new(this, method, options, new SingleContent<TRequest>(request, method.Request, options.Encoding, Options.MaxSendBytes), cancellationToken);
    }

    /// <summary>Begins a call to which any number of messages is sent: a client's stream, or streams both ways.</summary>
    /// <typeparam name="TRequest">What is sent.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="options">What is said beside the messages.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public GrpcCall<TRequest, TResponse> Open<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, GrpcCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        options ??= GrpcCallOptions.None;
        return new(this, method, options, new StreamContent<TRequest>(method.Request, options.Encoding, Options.MaxSendBytes), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    internal Task<HttpResponseMessage> SendAsync(string path, HttpContent content, GrpcCallOptions options, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.TryAddWithoutValidation("Content-Type", GrpcHeaders.ContentType);
        AddHeaders(request.Headers, options);
        return _http.SendAsync(request, cancellationToken);
    }

    private static void AddHeaders(HttpRequestHeaders headers, GrpcCallOptions options)
    {
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, GrpcCompression.Accepted);
        if (options.Timeout is { } timeout)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Timeout, GrpcTimeout.Format(timeout));
        }

        if (options.Encoding != GrpcEncoding.Identity)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Encoding, GrpcCompression.NameOf(options.Encoding));
        }

        foreach (var (name, value) in options.Metadata?.Entries ?? [])
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private static Uri Normalize(Uri address)
    {
        var scheme = address.Scheme switch
        {
            "grpc" or "http" => "http",
            "grpcs" or "https" => "https",
            _ => throw new ArgumentException($"The address '{address}' must begin with grpc://, grpcs://, http:// or https://.", nameof(address)),
        };
        return new UriBuilder(scheme, address.Host, address.IsDefaultPort ? (scheme == "https" ? 443 : 80) : address.Port).Uri;
    }

    private static async ValueTask<Stream> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = endpoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SocketsHttpHandler NewHandler(GrpcChannelOptions options) => new()
    {
        EnableMultipleHttp2Connections = options.SeveralConnections,
        KeepAlivePingDelay = options.KeepAliveDelay,
        KeepAlivePingTimeout = options.KeepAliveTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        ConnectTimeout = options.ConnectTimeout,
        ConnectCallback = options.Endpoint is { } endpoint ? (_, cancellationToken) => ConnectAsync(endpoint, cancellationToken) : null,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        InitialHttp2StreamWindowSize = StreamWindow,
        SslOptions = options.Tls ?? new SslClientAuthenticationOptions(),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    };
}
