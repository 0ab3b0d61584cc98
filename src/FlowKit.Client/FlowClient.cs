using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowKit.Wire;
using FlowKit.Wire.Json;

namespace FlowKit.Client;

/// <summary>Talks to a flow over HTTP. One client serves any number of threads and keeps its connections.</summary>
public sealed class FlowClient : IDisposable
{
    private const string TimeoutHeader = "X-Request-Timeout-Ms";

    private readonly HttpClient _http;

    /// <summary>Makes a client.</summary>
    /// <param name="address">The gateway, for example <c>http://localhost:8080</c>.</param>
    /// <exception cref="FlowKitException">The address is not an http(s) URL.</exception>
    public FlowClient(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, $"'{address}' is not an address of a flow; expected one like http://localhost:8080.");
        }

        Address = uri;
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { BaseAddress = uri, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The gateway.</summary>
    public Uri Address { get; }

    /// <summary>Posts a stream of documents in requests of <see cref="PostOptions.RequestSize"/>, some of them at once.</summary>
    /// <param name="on">The endpoint, such as <c>/index</c>.</param>
    /// <param name="inputs">The documents.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the posting.</param>
    /// <returns>One reply for each request, in order; a reply's <see cref="DataRequest.Status"/> says whether an executor failed.</returns>
    /// <exception cref="FlowKitException">The gateway cannot be reached or refuses.</exception>
    public async IAsyncEnumerable<DataRequest> PostAsync(
        string on, IAsyncEnumerable<Document> inputs, PostOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new PostOptions();
        var underWay = new Queue<Task<DataRequest>>();
        var batch = new DocumentArray();
        await foreach (var document in inputs.WithCancellation(cancellationToken))
        {
            batch.Add(document);
            if (batch.Count < options.RequestSize)
            {
                continue;
            }

            underWay.Enqueue(PostAsync(on, batch, options, cancellationToken));
            batch = [];
            if (underWay.Count >= options.Prefetch)
            {
                yield return await underWay.Dequeue();
            }
        }

        if (batch.Count > 0)
        {
            underWay.Enqueue(PostAsync(on, batch, options, cancellationToken));
        }

        while (underWay.TryDequeue(out var next))
        {
            yield return await next;
        }
    }

    /// <summary>Posts documents as one request.</summary>
    /// <param name="on">The endpoint, such as <c>/search</c>.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the posting.</param>
    /// <exception cref="FlowKitException">The gateway cannot be reached or refuses.</exception>
    public async Task<DataRequest> PostAsync(string on, DocumentArray documents, PostOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PostOptions();
        var body = new ArrayBufferWriter<byte>(4096);
        var message = new DataRequest { ExecEndpoint = on, Documents = documents, Parameters = options.Parameters, TargetExecutor = options.TargetExecutor };
        DataRequestJsonWriter.WriteRequest(body, message, JsonWireOptions.Compact);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/post?arrays=base64&nulls=false", UriKind.Relative));
        request.Content = new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        if (options.Timeout is { } timeout)
        {
            request.Headers.Add(TimeoutHeader, timeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }

        var (status, bytes) = await SendAsync(request, cancellationToken);
        return status == HttpStatusCode.OK ? Read(bytes) : throw new FlowKitException(Refusal(status, bytes));
    }

    /// <summary>Whether the whole flow answers: Jina's <c>is_flow_ready</c>.</summary>
    /// <param name="cancellationToken">Ends the question.</param>
    public async Task<bool> IsFlowReadyAsync(CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/dry_run", UriKind.Relative));
        try
        {
            var (status, bytes) = await SendAsync(request, cancellationToken);
            return status == HttpStatusCode.OK && JsonNode.Parse(bytes)?["code"]?.GetValue<int>() == 0;
        }
        catch (Exception exception) when (exception is FlowKitException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            throw new FlowKitException(FlowErrorCode.Unavailable, $"No flow answers at {Address}: {exception.GetBaseException().Message}", exception);
        }
    }

    private DataRequest Read(byte[] bytes)
    {
        try
        {
            return DataRequestJsonReader.Read(bytes);
        }
        catch (JsonException exception)
        {
            throw new FlowKitException(FlowErrorCode.Internal, $"What answers at {Address} is not a flow: {exception.Message}", exception);
        }
    }

    private static FlowError Refusal(HttpStatusCode status, byte[] body)
    {
        var code = status switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity => FlowErrorCode.InvalidArgument,
            HttpStatusCode.Forbidden => FlowErrorCode.PermissionDenied,
            HttpStatusCode.NotFound => FlowErrorCode.NotFound,
            HttpStatusCode.RequestEntityTooLarge => FlowErrorCode.PayloadTooLarge,
            HttpStatusCode.TooManyRequests => FlowErrorCode.ResourceExhausted,
            HttpStatusCode.ServiceUnavailable => FlowErrorCode.Unavailable,
            HttpStatusCode.GatewayTimeout => FlowErrorCode.DeadlineExceeded,
            _ => FlowErrorCode.Internal,
        };
        return new FlowError(code, $"{(int)status}: {Explain(body)}");
    }

    private static string Explain(byte[] body)
    {
        try
        {
            var json = JsonNode.Parse(body);
            return json?["header"]?["status"]?["description"]?.GetValue<string>()
                ?? (json?["detail"] is JsonArray details ? string.Join("; ", details.Select(detail => detail?["msg"])) : json?["detail"]?.ToString())
                ?? "no reason given";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "no reason given";
        }
    }
}
