using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace FlowKit.Wire.Grpc.Client;

/// <summary>
/// A client's way to one server: calls of every kind over HTTP/2 connections that are made when first needed, made anew when lost, and
/// pinged when silent. Thread-safe.
/// </summary>
public sealed class GrpcConnection : IDisposable
{
    private const int StreamWindow = 1 << 20;

    private readonly GrpcChannel _channel;

    /// <summary>Prepares a connection; nothing is connected yet.</summary>
    /// <param name="address"><c>grpc://host:port</c> or <c>http://</c> for clear text, <c>grpcs://</c> or <c>https://</c> for TLS.</param>
    /// <param name="options">How it connects.</param>
    /// <exception cref="ArgumentException">The address has another scheme.</exception>
    public GrpcConnection(Uri address, GrpcConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new GrpcConnectionOptions();
        Address = Normalize(address);
        _channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions
        {
            HttpHandler = NewHandler(options),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = options.MaxReceiveBytes,
            MaxSendMessageSize = options.MaxSendBytes,
            CompressionProviders = GrpcCompression.Providers(options.MaxReceiveBytes),
        });
        Calls = options.ApiKey is { } key
            ? _channel.Intercept(metadata =>
            {
                metadata.Add("authorization", $"Bearer {key}");
                return metadata;
            })
            : _channel.CreateCallInvoker();
    }

    /// <summary>The server, as <c>http</c> or <c>https</c>.</summary>
    public Uri Address { get; }

    /// <summary>Begins calls of every kind; what fails is thrown as the library has it.</summary>
    public CallInvoker Calls { get; }

    /// <summary>Asks with one message and takes one.</summary>
    /// <typeparam name="TRequest">What is sent.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="request">The message.</param>
    /// <param name="options">What is said beside it, and what gives the call up.</param>
    /// <exception cref="RpcException">It did not end well.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest request, CallOptions options = default)
        where TRequest : class
        where TResponse : class
    {
        using var call = Calls.AsyncUnaryCall(method, null, options, request);
        try
        {
            return await call.ResponseAsync;
        }
        catch (RpcException exception)
        {
            throw CallFailure.Explain(exception, options.CancellationToken);
        }
    }

    /// <summary>Asks with one message and takes a stream; leaving the enumeration gives the call up.</summary>
    /// <typeparam name="TRequest">What is sent.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="request">The message.</param>
    /// <param name="options">What is said beside it.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="RpcException">It did not end well.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        TRequest request,
        CallOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        using var call = Calls.AsyncServerStreamingCall(method, null, options.WithCancellationToken(cancellationToken), request);
        while (await MoveNextAsync(call.ResponseStream, cancellationToken))
        {
            yield return call.ResponseStream.Current;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private static async Task<bool> MoveNextAsync<T>(IAsyncStreamReader<T> replies, CancellationToken cancellationToken)
    {
        try
        {
            return await replies.MoveNext(cancellationToken);
        }
        catch (RpcException exception)
        {
            throw CallFailure.Explain(exception, cancellationToken);
        }
    }

    private static Uri Normalize(Uri address)
    {
        var scheme = address.Scheme switch
        {
            "grpc" or "http" => "http",
            "grpcs" or "https" => "https",
            _ => throw new ArgumentException(
                $"The address '{address}' must begin with grpc://, grpcs://, http:// or https://.", nameof(address)),
        };
        var standardPort = scheme == "https" ? 443 : 80;
        return new UriBuilder(scheme, address.Host, address.IsDefaultPort ? standardPort : address.Port).Uri;
    }

    /// <summary>
    /// The callback does what the handler would do by itself: where there is none the library connects in its own way, and after a failure
    /// makes every call fail for a while instead of trying again.
    /// </summary>
    private static SocketsHttpHandler NewHandler(GrpcConnectionOptions options) => new()
    {
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = options.KeepAliveDelay,
        KeepAlivePingTimeout = options.KeepAliveTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        ConnectTimeout = options.ConnectTimeout,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(options.Endpoint ?? context.DnsEndPoint, cancellationToken),
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        InitialHttp2StreamWindowSize = StreamWindow,
        SslOptions = options.Tls ?? new SslClientAuthenticationOptions(),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    };

    private static async ValueTask<Stream> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = endpoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
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
}
