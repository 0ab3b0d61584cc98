using System.Buffers;
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

/// <summary>Talks to a flow over HTTP. One client serves any number of threads and keeps its connections.</summary>
public sealed class FlowClient : IDisposable
{
    private const string TimeoutHeader = "X-Request-Timeout-Ms";

    /// <summary>From here on the gateway is asked first whether it takes a body, so that what it refuses is not sent.</summary>
    private const int LargeBody = 1 << 20;

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
        using var request = MakeRequest(on, documents, options ?? new PostOptions());
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return Read(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>Posts documents as one request and gives what comes back as it comes; leaving the enumeration cancels the request.</summary>
    /// <param name="on">The endpoint.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="FlowKitException">The gateway cannot be reached or refuses, or the request failed, perhaps after some documents.</exception>
    public async IAsyncEnumerable<Document> StreamAsync(
        string on, DocumentArray documents, PostOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var request = MakeRequest(on, documents, options ?? new PostOptions());
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(EventReader.ContentType));
        using var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await foreach (var document in new EventReader(Address).ReadAsync(response, cancellationToken))
        {
            yield return document;
        }
    }

    /// <summary>Whether the whole flow answers: Jina's <c>is_flow_ready</c>.</summary>
    /// <param name="cancellationToken">Ends the question.</param>
    public async Task<bool> IsFlowReadyAsync(CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/dry_run", UriKind.Relative));
        try
        {
            using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            return JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken))?["code"]?.GetValue<int>() == 0;
        }
        catch (Exception exception) when (exception is FlowKitException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Changes how many replicas of an executor serve; returns when they do. Only from the flow's own machine.</summary>
    /// <param name="executor">The executor's name.</param>
    /// <param name="replicas">1 to 1024.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FlowKitException">There is no such executor, or a replica did not start.</exception>
    public async Task ScaleAsync(string executor, int replicas, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/admin/scale", UriKind.Relative));
        request.Content = new StringContent(new JsonObject { ["executor"] = executor, ["replicas"] = replicas }.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage MakeRequest(string on, DocumentArray documents, PostOptions options)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        var message = new DataRequest { ExecEndpoint = on, Documents = documents, Parameters = options.Parameters, TargetExecutor = options.TargetExecutor };
        DataRequestJsonWriter.WriteRequest(body, message, JsonWireOptions.Compact);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/post?arrays=base64&nulls=false", UriKind.Relative))
        {
            Content = new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.ExpectContinue = body.WrittenCount > LargeBody;
        if (options.Timeout is { } timeout)
        {
            request.Headers.Add(TimeoutHeader, timeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }

        return request;
    }

    /// <exception cref="FlowKitException">There is no answer, or it is not 200.</exception>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellationToken)
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
}
