using FlowKit.Components;
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
public sealed class RemoteExecutor : Executor, IRemoteEndpointSource
{
    private const string EndpointKey = "endpoint";

    private readonly RemoteOptions _options;
    private readonly string? _compression;
    private readonly DocArrayDialect _dialect;
    private RemotePeersShare? _share;

    /// <summary>Makes one.</summary>
    /// <param name="options">Where it is.</param>
    public RemoteExecutor(RemoteOptions options)
    {
        _options = options;
        _dialect = JinaDocumentMethods.DialectOf(options.DocArrayVersion)
            ?? throw new FlowKitException(
                FlowErrorCode.InvalidArgument, $"doc_array_version: expected v1 or v2, not '{options.DocArrayVersion}'.");
        _compression = GrpcCompression.AlgorithmOf(options.Compression);
    }

    IReadOnlySet<string>? IRemoteEndpointSource.Endpoints => _share?.Peers.Endpoints;

    /// <summary>Takes its share of the connections. What is not there yet may come: nobody waits for what it answers.</summary>
    /// <inheritdoc/>
    public override Task LoadAsync(CancellationToken cancellationToken)
    {
        _share = RemotePeersShare.Acquire(_options, Context);
        _ = _share.Peers.Endpoints;
        return Task.CompletedTask;
    }

    /// <summary>Asks the executor, and another replica of it when one cannot be reached.</summary>
    [Requests(RequestsAttribute.Default, EndpointTable.DryRun)]
    public async Task<ExecutorAnswer> SendAsync(
        DocumentArray docs, Parameters parameters, RequestContext request, CancellationToken cancellationToken)
    {
        docs.Decode(except: UndecodedDocuments.FormatOf(_dialect));
        var message = new DataRequest
        {
            RequestId = NewId.Next(),
            ExecEndpoint = request.Endpoint,
            Parameters = parameters,
            Documents = docs,
        };
        var options = CallSettings.Of(MetadataOf(request), request.Timeout, _compression, cancellationToken);
        var reply = await AskAnyAsync(message, options, cancellationToken);
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

    private async Task<DataRequest> AskAnyAsync(DataRequest message, CallOptions options, CancellationToken cancellationToken)
    {
        var peers = _share!.Peers;
        var tried = new List<RemotePeer>();
        while (true)
        {
            using var turn = await peers.ChooseAsync(tried, cancellationToken);
            try
            {
                var reply = await turn.Peer.SendAsync(new JinaMessage(message, _dialect), options, cancellationToken);
                return reply.Request;
            }
            catch (Exception exception) when (RemoteErrors.WasNeverSent(exception) && peers.HasOthers(tried, turn.Peer))
            {
                tried.Add(turn.Peer);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                throw RemoteErrors.Explain(exception, Context.Name, turn.Peer.Name);
            }
        }
    }

    private Metadata MetadataOf(RequestContext request) => CallMetadata.Of(_options.Metadata.Append(new(EndpointKey, request.Endpoint)));
}
