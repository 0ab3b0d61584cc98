using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Wire;
using FlowKit.Wire.Json;

namespace FlowKit.Client;

/// <summary>Speaks Jina's JSON over HTTP/1.1, or HTTP/2 where TLS lets both sides agree on it.</summary>
internal sealed class HttpTransport : IFlowTransport
{
    private const string TimeoutHeader = "X-Request-Timeout-Ms";

    /// <summary>From here on the gateway is asked first whether it takes a body, so that what it refuses is not sent.</summary>
    private const int LargeBody = 1 << 20;

    /// <summary>A body that claims more than this is given memory as it comes.</summary>
    private const int MaxInitialCapacity = 4 << 20;

    private readonly Uri _address;
    private readonly HttpClient _http;

    public HttpTransport(Uri address, FlowClientOptions options)
    {
        _address = address;
        _http = new HttpClient(Connection.Open(options))
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
        };
        foreach (var (name, value) in options.AllHeaders)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }
    }

    public async Task<DataRequest> SendAsync(DataRequest request, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using var message = Make(request, timeout);
        using var response = await SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var body = await ReadAsync(response, cancellationToken);
        return Read(body.Written.Span);
    }

    public async IAsyncEnumerable<Document> StreamAsync(
        DataRequest request, TimeSpan? timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var message = Make(request, timeout);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(EventReader.ContentType));
        using var response = await SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await foreach (var document in new EventReader(_address).ReadAsync(response, cancellationToken))
        {
            yield return document;
        }
    }

    public async Task<IReadOnlySet<string>?> GetEndpointsAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var request = New(HttpMethod.Get, "/status");
            using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            var status = JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return (status?["flow"]?["endpoints"] as JsonObject)?.Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or FlowKitException { Error.Code: FlowErrorCode.NotFound })
        {
            return null;
        }
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var request = New(HttpMethod.Get, "/dry_run");
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        try
        {
            return JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken))?["code"]?.GetValue<int>() == 0;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>
    /// Changes the number of replicas: with the token of the start where the flow runs on this machine as this user, else with the key.
    /// </summary>
    /// <exception cref="FlowKitException">There is no such executor, or a replica did not start.</exception>
    public async Task ScaleAsync(string executor, int replicas, CancellationToken cancellationToken)
    {
        var token = _address.IsLoopback ? AdminTokenFile.Read(_address.Port) : null;
        try
        {
            await ScaleAsync(executor, replicas, token, cancellationToken);
        }
        catch (FlowKitException exception) when (token is not null && exception.Error.Code == FlowErrorCode.PermissionDenied)
        {
            // The token of a flow that was killed, where another one listens now.
            await ScaleAsync(executor, replicas, token: null, cancellationToken);
        }
    }

    private async Task ScaleAsync(string executor, int replicas, string? token, CancellationToken cancellationToken)
    {
        using var request = New(HttpMethod.Post, "/admin/scale");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = new StringContent(
            new JsonObject { ["executor"] = executor, ["replicas"] = replicas }.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return default;
    }

    private HttpRequestMessage Make(DataRequest message, TimeSpan? timeout)
    {
        var body = new PooledBuffer();
        try
        {
            DataRequestJsonWriter.WriteRequest(body, message, JsonWireOptions.Compact);
        }
        catch
        {
            body.Dispose();
            throw;
        }

        var request = New(HttpMethod.Post, "/post?arrays=base64&nulls=false");
        request.Headers.ExpectContinue = body.Written.Length > LargeBody;
        request.Content = new PooledContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        if (timeout is { } limit)
        {
            request.Headers.Add(TimeoutHeader, limit.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }

        return request;
    }

    private HttpRequestMessage New(HttpMethod method, string path) =>
        new(method, new Uri(path, UriKind.Relative)) { Version = _http.DefaultRequestVersion };

    /// <exception cref="FlowKitException">There is no answer, or it is not 200.</exception>
    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        try
        {
            var response = await _http.SendAsync(request, completion, cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return response;
            }

            using (response)
            {
                throw new FlowKitException(await Refusals.ReadAsync(response, cancellationToken));
            }
        }
        catch (HttpRequestException exception)
        {
            throw new FlowKitException(
                FlowErrorCode.Unavailable, $"No flow answers at {_address}: {exception.GetBaseException().Message}", exception);
        }
    }

    /// <summary>Reads a body into memory that the caller gives back.</summary>
    private async Task<PooledBuffer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // One byte more than is said, so that the end is seen without growing.
        var body = new PooledBuffer((int)Math.Min((response.Content.Headers.ContentLength ?? 0) + 1, MaxInitialCapacity));
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            for (int read; (read = await stream.ReadAsync(body.GetMemory(), cancellationToken)) > 0;)
            {
                body.Advance(read);
            }

            return body;
        }
        catch (Exception exception)
        {
            body.Dispose();
            if (exception is not IOException)
            {
                throw;
            }

            throw new FlowKitException(FlowErrorCode.Unavailable, $"The answer of {_address} was cut off: {exception.Message}", exception);
        }
    }

    private DataRequest Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return DataRequestJsonReader.Read(bytes);
        }
        catch (JsonException exception)
        {
            throw new FlowKitException(FlowErrorCode.Internal, $"What answers at {_address} is not a flow: {exception.Message}", exception);
        }
    }
}
