using FlowKit.Wire;

namespace FlowKit.Client;

/// <summary>Talks to a flow over HTTP, gRPC or WebSocket. One client serves any number of threads and keeps its connections.</summary>
public sealed class FlowClient : IDisposable, IAsyncDisposable
{
    private readonly IFlowTransport _transport;
    private readonly FlowClientOptions _options;

    /// <summary>Makes a client; it connects with the first request.</summary>
    /// <param name="address">
    /// The gateway: <c>http://localhost:8080</c>, <c>https://…</c>, <c>grpc://…</c>, <c>grpcs://…</c>, <c>ws://…</c> or <c>wss://…</c>.
    /// </param>
    /// <param name="options">How to connect.</param>
    /// <exception cref="FlowKitException">It is no such address, or the trusted certificates cannot be read.</exception>
    public FlowClient(string address, FlowClientOptions? options = null)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !Transports.Schemes.Contains(uri.Scheme))
        {
            throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"'{address}' is not an address of a flow; expected one like http://localhost:8080, "
                    + $"with {string.Join(", ", Transports.Schemes)}.");
        }

        Address = uri;
        _options = options ?? new FlowClientOptions();
        _transport = Transports.Open(uri, _options);
    }

    /// <summary>The gateway.</summary>
    public Uri Address { get; }

    /// <summary>
    /// Posts a stream of documents in requests of <see cref="PostOptions.RequestSize"/>, some of them at once; <see cref="Inputs"/> makes
    /// documents of other things.
    /// </summary>
    /// <param name="on">The endpoint, such as <c>/index</c>.</param>
    /// <param name="inputs">The documents.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the posting.</param>
    /// <returns>One reply for each request; a reply's <see cref="DataRequest.Status"/> says whether an executor failed.</returns>
    /// <exception cref="FlowKitException">The gateway cannot be reached or refuses.</exception>
    public IAsyncEnumerable<DataRequest> PostAsync(
        string on, IAsyncEnumerable<Document> inputs, PostOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return NewPosting(on, options).RunAsync(inputs, cancellationToken);
    }

    /// <summary>Posts documents as one request.</summary>
    /// <param name="on">The endpoint, such as <c>/search</c>.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the posting.</param>
    /// <exception cref="FlowKitException">The gateway cannot be reached or refuses.</exception>
    public Task<DataRequest> PostAsync(
        string on, DocumentArray documents, PostOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return NewPosting(on, options).SendAsync(documents, cancellationToken);
    }

    /// <summary>
    /// Posts documents as one request and gives what comes back as it comes; leaving the enumeration cancels the request. Over WebSocket
    /// they come together.
    /// </summary>
    /// <param name="on">The endpoint.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="FlowKitException">
    /// The gateway cannot be reached or refuses, or the request failed, perhaps after some documents.
    /// </exception>
    public IAsyncEnumerable<Document> StreamAsync(
        string on, DocumentArray documents, PostOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PostOptions();
        return _transport.StreamAsync(Posting.Request(on, documents, options), options.Timeout, cancellationToken);
    }

    /// <summary>Tells whether the whole flow answers: Jina's <c>is_flow_ready</c>.</summary>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    public async Task<bool> IsFlowReadyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await _transport.IsReadyAsync(cancellationToken);
        }
        catch (FlowKitException)
        {
            return false;
        }
    }

    /// <summary>Reads the endpoints that the flow's executors name; the default is <see cref="RequestsAttribute.Default"/>.</summary>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>The endpoints; <see langword="null"/> where the flow does not tell, as over WebSocket.</returns>
    /// <exception cref="FlowKitException">The gateway cannot be reached or refuses.</exception>
    public Task<IReadOnlySet<string>?> GetEndpointsAsync(CancellationToken cancellationToken = default) =>
        _transport.GetEndpointsAsync(cancellationToken);

    /// <summary>Posts one request and tells where its time went.</summary>
    /// <param name="on">The endpoint.</param>
    /// <param name="documents">The documents; an empty one when none are given.</param>
    /// <param name="cancellationToken">Ends the posting.</param>
    /// <exception cref="FlowKitException">The gateway cannot be reached or refuses, or an executor failed.</exception>
    public async Task<FlowProfile> ProfileAsync(
        string on = "/", DocumentArray? documents = null, CancellationToken cancellationToken = default)
    {
        var began = _options.TimeProvider.GetTimestamp();
        var reply = await PostAsync(on, documents ?? [new Document()], null, cancellationToken);
        var total = _options.TimeProvider.GetElapsedTime(began);
        return reply.Status is { Code: not 0 } status
            ? throw new FlowKitException(Refusals.Of(status, reply.Routes))
            : FlowProfile.Of(reply.Routes, total);
    }

    /// <summary>
    /// Changes how many replicas of an executor serve; returns when they do. Only over HTTP and from the flow's own machine.
    /// </summary>
    /// <param name="executor">The executor's name.</param>
    /// <param name="replicas">1 to 1024.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FlowKitException">
    /// There is no such executor, or a replica did not start, or the client does not speak HTTP.
    /// </exception>
    public Task ScaleAsync(string executor, int replicas, CancellationToken cancellationToken = default) => _transport is HttpTransport http
        ? http.ScaleAsync(executor, replicas, cancellationToken)
        : throw new FlowKitException(FlowErrorCode.InvalidArgument, $"Scaling needs an http address, not {Address}.");

    /// <inheritdoc/>
    public void Dispose() => _ = _transport.DisposeAsync().AsTask();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    private Posting NewPosting(string on, PostOptions? options) => new(_transport, on, options ?? new PostOptions(), _options.TimeProvider);
}
