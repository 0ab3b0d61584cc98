using System.Net;
using System.Net.Sockets;

namespace FlowKit.Imaging.Uris;

/// <summary>
/// Fetches from allowed hosts only. Names are resolved once and that very address is connected to, so that a name cannot change its
/// address between the check and the connection; each redirect is checked like the first address.
/// </summary>
internal sealed class RemoteFetcher : IDisposable
{
    private const int MaxRedirects = 5;

    private readonly IUriOptions _options;
    private readonly AllowedHosts _hosts;
    private readonly HttpClient _http;

    public RemoteFetcher(IUriOptions options)
    {
        _options = options;
        _hosts = new AllowedHosts(options.Hosts);
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.All,
                UseProxy = false,
                UseCookies = false,
                ConnectCallback = ConnectAsync,
            })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = options.MaxBytes,
            DefaultRequestHeaders = { { "User-Agent", "FlowKit" } },
        };
    }

    /// <exception cref="FlowKitException">The host is not allowed, does not answer, or sends too much.</exception>
    public async Task<ReadOnlyMemory<byte>> FetchAsync(string uri, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var address))
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"uri: '{uri}' is not a valid address.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.FetchTimeout);
        try
        {
            return await FollowAsync(address, limit.Token);
        }
        catch (HttpRequestException exception) when (exception.InnerException is FlowKitException refusal)
        {
            throw new FlowKitException(refusal.Error, exception);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new FlowKitException(
                FlowErrorCode.PayloadTooLarge,
                $"uri: {address} sends more than {_options.MaxBytes} bytes (max_bytes).",
                exception);
        }
        catch (HttpRequestException exception)
        {
            throw new FlowKitException(FlowErrorCode.Unavailable, $"uri: {address} cannot be fetched: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FlowKitException(
                FlowErrorCode.DeadlineExceeded,
                $"uri: {address} did not answer within {_options.FetchTimeout} ms (fetch_timeout).",
                exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<ReadOnlyMemory<byte>> FollowAsync(Uri address, CancellationToken cancellationToken)
    {
        for (var hop = 0; hop <= MaxRedirects; hop++)
        {
            CheckHost(address);
            using var response = await _http.GetAsync(address, cancellationToken);
            if ((int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } next)
            {
                address = new Uri(address, next);
                continue;
            }

            return response.IsSuccessStatusCode
                ? NoPage(await response.Content.ReadAsByteArrayAsync(cancellationToken), response, address)
                : throw new FlowKitException(CodeOf(response.StatusCode), $"uri: {address} answered {(int)response.StatusCode}.");
        }

        throw new FlowKitException(FlowErrorCode.InvalidArgument, $"uri: it redirects more than {MaxRedirects} times, last to {address}.");
    }

    /// <summary>Sites answer what is gone, or needs a login, with a page that is no error.</summary>
    private static byte[] NoPage(byte[] body, HttpResponseMessage response, Uri address)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        return type is "text/html" or "application/xhtml+xml" && body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'<', ..]
            ? throw new FlowKitException(FlowErrorCode.InvalidArgument, $"uri: {address} answered with a web page ({type}).")
            : body;
    }

    private static FlowErrorCode CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => FlowErrorCode.PermissionDenied,
        HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => FlowErrorCode.Unavailable,
        _ => FlowErrorCode.NotFound,
    };

    private void CheckHost(Uri address)
    {
        if (!_hosts.Allow(address))
        {
            throw new FlowKitException(
                FlowErrorCode.PermissionDenied,
                $"uri: this executor may not fetch from '{address.GetLeftPart(UriPartial.Authority)}' (uses_with.hosts: {_hosts}).");
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = _hosts.Names(host, port) ? addresses : Array.FindAll(addresses, PublicAddresses.Contains);
        if (allowed.Length == 0)
        {
            throw new FlowKitException(
                FlowErrorCode.PermissionDenied,
                $"uri: '{host}' has no public address; name it in uses_with.hosts to allow it.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
