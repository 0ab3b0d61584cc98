using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FlowKit.Components;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Ipc;
using FlowKit.Wire;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Proto;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace FlowKit.Serving.Remote;

/// <summary>Asks a worker, FlowKit's or Jina's, that was started for this flow: every call becomes one of Jina's protocol.</summary>
/// <param name="executor">The executor's name, for errors.</param>
/// <param name="address">Where it is; the host counts only where <paramref name="endpoint"/> is not given.</param>
/// <param name="endpoint">The socket it listens on; <see langword="null"/> to find it by its address.</param>
/// <param name="ipc">The way for calls, disposed with the client; <see langword="null"/> for gRPC, as everything else.</param>
/// <param name="token">The key of its start; <see langword="null"/> where it asks for none.</param>
public sealed class WorkerClient(string executor, Uri address, EndPoint? endpoint, IpcClient? ipc = null, string? token = null)
    : IDisposable
{
    private const string EndpointKey = "endpoint";

    private static readonly TimeSpan s_keepAliveDelay = TimeSpan.FromSeconds(10);

    private readonly GrpcConnection _connection = new(address, new GrpcConnectionOptions
    {
        Endpoint = endpoint,
        ApiKey = token,
        MaxReceiveBytes = int.MaxValue,
        MaxSendBytes = int.MaxValue,

        // Who listens on a Unix socket cannot vanish without closing it; a ping could only take a worker that is busy for one that is gone.
        KeepAliveDelay = endpoint is UnixDomainSocketEndPoint ? Timeout.InfiniteTimeSpan : s_keepAliveDelay,
    });

    /// <summary>The dialect in which documents are written to it, and read from it. Default: v1.</summary>
    public DocArrayDialect Dialect { get; init; }

    private JinaDocumentMethods Methods => JinaDocumentMethods.PassedOn(Dialect);

    /// <summary>Asks whether it serves.</summary>
    /// <param name="cancellationToken">Gives up the question.</param>
    public async Task<bool> IsServingAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RemoteHealth.AskAsync(_connection, CallSettings.Of(cancellationToken: cancellationToken)) == ServingStatus.Serving;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    /// <summary>Asks which endpoints it answers; <see langword="null"/> when it does not tell.</summary>
    public async Task<IReadOnlySet<string>?> DiscoverAsync() => (await DiscoverSchemasAsync())?.Names;

    /// <summary>Asks for the endpoints with what is told of each; <see langword="null"/> when it does not tell.</summary>
    internal Task<DiscoveredEndpoints?> DiscoverSchemasAsync() => RemoteEndpoints.DiscoverAsync(_connection, null);

    /// <summary>Reads what it measures itself.</summary>
    /// <param name="accepted">The forms that are wanted, as Prometheus' <c>Accept</c> names them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The metrics as text; <see langword="null"/> where it tells none, or could not be asked.</returns>
    internal async Task<string?> ReadMetricsAsync(string accepted, CancellationToken cancellationToken)
    {
        try
        {
            var options = CallSettings.Of(cancellationToken: cancellationToken);
            return (await _connection.UnaryAsync(WorkerMethods.Metrics, new StringValue { Value = accepted }, options)).Value;
        }
        catch (RpcException)
        {
            return null;
        }
    }

    /// <summary>Has it answer a call with a stream.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isOwn">
    /// Whether it is FlowKit's, which takes all documents in one call; Jina's takes one document, so that it is called for each.
    /// </param>
    /// <param name="cancellationToken">Gives the call up, as the call's own does.</param>
    /// <exception cref="FlowKitException">The executor failed, or could not be asked.</exception>
    internal async IAsyncEnumerable<Document> StreamAsync(
        ExecutorCall call, bool isOwn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var endpoint = call.Request?.Endpoint ?? EndpointTable.DryRun;
        var methods = JinaDocumentMethods.Of(Dialect);
        var method = isOwn ? methods.StreamData : methods.StreamDoc;
        var metadata = new Metadata { { EndpointKey, endpoint } };
        var options = CallSettings.Of(metadata, call.Request?.Timeout, cancellationToken: call.CancellationToken);
        foreach (var documents in isOwn ? [call.Documents] : call.Documents.Select(document => new DocumentArray { document }))
        {
            var message = new JinaMessage(RequestOf(call, endpoint, documents), Dialect);
            var stream = _connection.StreamAsync(method, message, options, cancellationToken);
            await using var replies = stream.GetAsyncEnumerator(cancellationToken);
            while (await MoveNextAsync(replies))
            {
                foreach (var document in StreamedReply.DocumentsOf(replies.Current.Request, RemoteErrors.OfWorker, executor))
                {
                    yield return document;
                }
            }
        }
    }

    /// <summary>Has it answer a call.</summary>
    /// <param name="call">The call.</param>
    /// <returns>The documents that go on, and what is reported.</returns>
    /// <exception cref="FlowKitException">The executor failed, or could not be asked.</exception>
    public async ValueTask<ExecutorAnswer> InvokeAsync(ExecutorCall call)
    {
        var endpoint = call.Request?.Endpoint ?? EndpointTable.DryRun;
        var metadata = new Metadata { { EndpointKey, endpoint } };
        var options = CallSettings.Of(metadata, call.Request?.Timeout, cancellationToken: call.CancellationToken);
        try
        {
            call.Documents.Decode(except: UndecodedDocuments.FormatOf(Dialect));
            var reply = await (call.Parts is { } parts
                ? AskPartsAsync(call, parts, endpoint, options)
                : AskOneAsync(call, endpoint, options));
            if (reply.Status is { Code: not 0 } status)
            {
                throw new FlowKitException(RemoteErrors.OfWorker(status, executor));
            }

            var answer = AnswerOf(reply, executor);
            RequestWeight.TakeAnswer(call.Request, call.Documents, answer.Documents);
            return answer;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or FlowKitException))
        {
            throw RemoteErrors.Explain(exception, executor, address.Host);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ipc?.Dispose();
        _connection.Dispose();
    }

    /// <summary>Takes the answer of a reply, whose documents may go on as they came; what is wrong in them is its fault.</summary>
    internal static ExecutorAnswer AnswerOf(DataRequest reply, string executor)
    {
        if (reply.Undecoded is { } documents)
        {
            documents.Explain = fault => RemoteErrors.Unreadable(fault, executor);
        }

        return new ExecutorAnswer(reply.Documents, ResultsOf(reply.Parameters));
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<JinaMessage> replies)
    {
        try
        {
            return await replies.MoveNextAsync();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or FlowKitException))
        {
            throw RemoteErrors.Explain(exception, executor, address.Host);
        }
    }

    private static Dictionary<string, JsonNode?> ResultsOf(Parameters parameters) =>
        !parameters.IsEmpty && parameters.Values.TryGetPropertyValue(Parameters.ResultsKey, out var node) && node is JsonObject results
            ? results.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal)
            : [];

    private async Task<DataRequest> AskOneAsync(ExecutorCall call, string endpoint, CallOptions options)
    {
        var request = RequestOf(call, endpoint, call.Documents);
        if (ipc is not null)
        {
            var message = DataRequestCodec.Measure(request, Dialect);
            return ReadAnswer(await ipc.SendAsync(IpcFrameKind.Request, message, call.Request?.Timeout, call.CancellationToken));
        }

        var reply = await _connection.UnaryAsync(Methods.ProcessSingleData, new JinaMessage(request, Dialect), options);
        return reply.Request;
    }

    /// <summary>For an executor that takes the parts of several needs as they came; each says where it comes from in its route.</summary>
    private async Task<DataRequest> AskPartsAsync(ExecutorCall call, PartMatrix parts, string endpoint, CallOptions options)
    {
        var requests = parts.Names.Zip(parts.Parts, (name, documents) =>
        {
            var request = RequestOf(call, endpoint, documents);
            request.Routes = [new WireRoute(name, null, null)];
            return request;
        });
        if (ipc is not null)
        {
            var message = DataRequestListCodec.Measure([.. requests], Dialect);
            return ReadAnswer(await ipc.SendAsync(IpcFrameKind.Parts, message, call.Request?.Timeout, call.CancellationToken));
        }

        var reply = await _connection.UnaryAsync(Methods.ProcessData, new JinaMessageList([.. requests], Dialect), options);
        return reply.Request;
    }

    private DataRequest ReadAnswer(ReadOnlyMemory<byte> answer) => DataRequestCodec.ReadLazily(answer, Dialect);

    private static DataRequest RequestOf(ExecutorCall call, string endpoint, DocumentArray documents) => new()
    {
        RequestId = NewId.Next(),
        ExecEndpoint = endpoint,
        Parameters = call.Parameters,
        Documents = documents,
    };
}
