using System.Runtime.CompilerServices;
using FlowKit.Components;
using FlowKit.Components.Remote;
using FlowKit.Components.Schemas;
using FlowKit.Runtime.Executors;
using FlowKit.Serving.Dispatch;
using FlowKit.Wire;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;
using Grpc.Core;

namespace FlowKit.Serving.Remote;

/// <summary>
/// An executor that runs elsewhere, FlowKit's or Jina's, asked over Jina's gRPC protocol. Each instance has one call under way; all
/// instances of one entry share the connections.
/// </summary>
[Executor("RemoteExecutor", Description = "Asks an executor elsewhere (external: true) over Jina's gRPC protocol.")]
public sealed class RemoteExecutor : Executor, IRemoteEndpointSource, IExecutorProbe
{
    private const string EndpointKey = "endpoint";

    private readonly RemoteOptions _options;
    private readonly string? _compression;
    private readonly TimeSpan _timeout;
    private readonly DocArrayDialect _dialect;
    private RemotePeersShare? _share;
    private RemoteRoute? _route;
    private Hedge? _hedge;

    /// <summary>Makes one.</summary>
    /// <param name="options">Where it is.</param>
    public RemoteExecutor(RemoteOptions options)
    {
        _options = options;
        _dialect = JinaDocumentMethods.DialectOf(options.DocArrayVersion)
            ?? throw new FlowKitException(
                FlowErrorCode.InvalidArgument, $"doc_array_version: expected v1 or v2, not '{options.DocArrayVersion}'.");
        _timeout = TimeSpan.FromMilliseconds(options.TimeoutMs);
        _compression = GrpcCompression.AlgorithmOf(options.Compression);
    }

    IReadOnlySet<string>? IRemoteEndpointSource.Endpoints => _share?.Peers.Endpoints?.Names;

    IReadOnlyList<PeerHealth>? IRemoteEndpointSource.Peers => _share?.Peers.Health;

    EndpointSchema? IRemoteEndpointSource.FindSchema(string endpoint) => _share?.Peers.Endpoints?.Find(endpoint);

    /// <inheritdoc/>
    bool? IRemoteEndpointSource.Writes(string endpoint) => Writes(endpoint);

    async Task<FlowError?> IExecutorProbe.ProbeAsync(CancellationToken cancellationToken) =>
        await _share!.Peers.ProbeAsync().WaitAsync(cancellationToken) is { } fault
            ? new FlowError(FlowErrorCode.Unavailable, fault) { Executor = Context.Name }
            : null;

    /// <summary>Takes its share of the connections. What is not there yet may come: nobody waits for what it answers.</summary>
    /// <inheritdoc/>
    public override Task LoadAsync(CancellationToken cancellationToken)
    {
        _share = RemotePeersShare.Acquire(OptionsOf(Context), Context);
        _ = _share.Peers.Endpoints;
        _route = new RemoteRoute(_share.Peers, Context.Name, Context.TimeProvider);
        _hedge = _options.HedgeMs is { } after ? new Hedge(TimeSpan.FromMilliseconds(after), Context.TimeProvider) : null;
        return Task.CompletedTask;
    }

    /// <summary>
    /// Asks the executor, and another replica of it when one cannot be reached. A method that streams there is asked for a stream, one
    /// document after another, whoever asks: Jina's generators answer nothing else.
    /// </summary>
    /// <returns>An <see cref="ExecutorAnswer"/>, or the stream of documents.</returns>
    [Requests(RequestsAttribute.Default, EndpointTable.DryRun)]
    public async Task<object> SendAsync(
        DocumentArray docs, Parameters parameters, RequestContext request, CancellationToken cancellationToken)
    {
        if (_share!.Peers.Endpoints?.Find(request.Endpoint) is { IsGenerator: true })
        {
            return StreamAsync(docs, parameters, request, cancellationToken);
        }

        docs.Decode(except: UndecodedDocuments.FormatOf(_dialect));
        var message = MessageOf(docs, parameters, request);
        var reply = await AskAsync(message, request, cancellationToken);
        if (reply.Status is { Code: not 0 } status)
        {
            throw new FlowKitException(RemoteErrors.Of(status, Context.Name));
        }

        var answer = WorkerClient.AnswerOf(reply, Context.Name);
        RequestWeight.TakeAnswer(request, docs, answer.Documents);
        return answer;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _share?.Dispose();
        await base.DisposeAsync();
    }

    private static DataRequest MessageOf(DocumentArray docs, Parameters parameters, RequestContext request) => new()
    {
        RequestId = NewId.Next(),
        ExecEndpoint = request.Endpoint,
        Parameters = parameters,
        Documents = docs,
    };

    private async IAsyncEnumerable<Document> StreamAsync(
        DocumentArray docs, Parameters parameters, RequestContext request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var document in docs)
        {
            await using var stream = await OpenAsync(MessageOf([document], parameters, request), request, cancellationToken);
            while (await stream.MoveNextAsync())
            {
                yield return stream.Current;
            }
        }
    }

    private Task<RemoteStream> OpenAsync(DataRequest message, RequestContext request, CancellationToken cancellationToken)
    {
        var options = CallSettings.Of(MetadataOf(request), request.Timeout, _compression, cancellationToken);
        return _route!.SendAsync(OpenAtAsync, NeedOf(request), [], cancellationToken);

        async ValueTask<RemoteStream> OpenAtAsync(RemoteLease turn)
        {
            var (replies, hasReply) = await turn.Peer.OpenAsync(new JinaMessage(message, _dialect), options, cancellationToken);
            return new RemoteStream(Context.Name, turn, replies, hasReply);
        }
    }

    private Task<DataRequest> AskAsync(DataRequest message, RequestContext request, CancellationToken cancellationToken)
    {
        List<RemotePeer> passedBy = [];
        return _hedge is { } hedge && Writes(request.Endpoint) == false && _share!.Peers.Count > 1
            ? hedge.RunAsync(SendAsync, cancellationToken)
            : SendAsync(cancellationToken);

        Task<DataRequest> SendAsync(CancellationToken token)
        {
            // A copy, since two calls may be under way.
            List<RemotePeer> others;
            lock (passedBy)
            {
                others = [.. passedBy];
            }

            var options = CallSettings.Of(MetadataOf(request), request.Timeout ?? _timeout, _compression, token);
            return _route!.SendAsync(AskAtAsync, NeedOf(request), others, token);

            async ValueTask<DataRequest> AskAtAsync(RemoteLease turn)
            {
                lock (passedBy)
                {
                    passedBy.Add(turn.Peer);
                }

                var reply = await turn.Peer.SendAsync(new JinaMessage(message, _dialect), options, token);
                turn.Dispose();
                return reply.Request;
            }
        }
    }

    /// <summary>Tells whether an endpoint writes: as the flow says it, or else as the executor does.</summary>
    private bool? Writes(string endpoint) => _options.Reads is { } reads
        ? !reads.Contains(endpoint) && !reads.Contains("*")
        : _share?.Peers.Endpoints?.Find(endpoint)?.IsWrite;

    /// <summary>A shard has its own addresses, and says with every call which one is meant.</summary>
    private RemoteOptions OptionsOf(ExecutorContext context) => _options.ShardAddresses is { Count: > 0 } shards
        ? _options with
        {
            Addresses = shards[context.ShardId],
            ShardAddresses = [],
            Metadata = new Dictionary<string, string>(_options.Metadata)
            {
                [ShardIdentity.Header] = new ShardIdentity(context.ShardId, context.Shards).ToString(),
            },
        }
        : _options;

    /// <summary>The needs of a request: one that may write needs the writer, where there is one.</summary>
    private RouteNeed NeedOf(RequestContext request) => new(
        request.Timeout,
        _options.WritesToFirst && (PoolEndpoints.IsWriteByName(request.Endpoint) || Writes(request.Endpoint) != false));

    private Metadata MetadataOf(RequestContext request) =>
        CallMetadata.Of(_share!.Peers.Metadata.Append(new(EndpointKey, request.Endpoint)));
}
