using System.Runtime.CompilerServices;
using FlowKit.Wire;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace FlowKit.Client;

/// <summary>Speaks Jina's gRPC protocol, to a gateway of FlowKit or of Jina 3, over connections that carry any number of calls.</summary>
internal sealed class GrpcTransport(Uri address, FlowClientOptions options) : IFlowTransport
{
    private readonly JinaDocumentMethods _methods = JinaDocumentMethods.Of(options.DocArray);
    private readonly GrpcConnection _connection = new(address, new GrpcConnectionOptions { Tls = Connection.Tls(options) });

    public async Task<DataRequest> SendAsync(DataRequest request, TimeSpan? timeout, CancellationToken cancellationToken) =>
        (await UnaryAsync(_methods.ProcessSingleData, new JinaMessage(request, options.DocArray), timeout, cancellationToken)).Request;

    /// <summary>Only a single document can be asked to stream; what several are answered with comes together.</summary>
    public IAsyncEnumerable<Document> StreamAsync(DataRequest request, TimeSpan? timeout, CancellationToken cancellationToken) =>
        request.Documents.Count == 1
            ? StreamOneAsync(request, timeout, cancellationToken)
            : StreamWholeAsync(request, timeout, cancellationToken);

    public async Task<IReadOnlySet<string>?> GetEndpointsAsync(CancellationToken cancellationToken)
    {
        var reply = await UnaryAsync(JinaMethods.EndpointDiscovery, new Empty(), null, cancellationToken);
        return reply.Endpoints.ToHashSet(StringComparer.Ordinal);
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        var status = await UnaryAsync(JinaMethods.DryRun, new Empty(), null, cancellationToken);
        return status.Code == StatusProto.Types.StatusCode.Success;
    }

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <exception cref="FlowKitException">The gateway cannot be reached or refuses.</exception>
    private async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, TRequest message, TimeSpan? timeout, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        try
        {
            return await _connection.UnaryAsync(method, message, SettingsOf(timeout, cancellationToken));
        }
        catch (RpcException exception)
        {
            throw Explain(exception);
        }
    }

    private async IAsyncEnumerable<Document> StreamOneAsync(
        DataRequest request, TimeSpan? timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var message = new JinaMessage(request, options.DocArray);
        var settings = SettingsOf(timeout, cancellationToken);
        var stream = _connection.StreamAsync(_methods.StreamDoc, message, settings, cancellationToken);
        await using var replies = stream.GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(replies))
        {
            var reply = replies.Current.Request;
            ThrowIfFailed(reply);
            foreach (var document in reply.Documents)
            {
                yield return document;
            }
        }
    }

    private async Task<bool> MoveNextAsync(IAsyncEnumerator<JinaMessage> replies)
    {
        try
        {
            return await replies.MoveNextAsync();
        }
        catch (RpcException exception)
        {
            throw Explain(exception);
        }
    }

    private async IAsyncEnumerable<Document> StreamWholeAsync(
        DataRequest request, TimeSpan? timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reply = await SendAsync(request, timeout, cancellationToken);
        ThrowIfFailed(reply);
        foreach (var document in reply.Documents)
        {
            yield return document;
        }
    }

    private static void ThrowIfFailed(DataRequest reply)
    {
        if (reply.Status is { Code: not 0 } status)
        {
            throw new FlowKitException(Refusals.Of(status, reply.Routes));
        }
    }

    private CallOptions SettingsOf(TimeSpan? timeout, CancellationToken cancellationToken) =>
        CallSettings.Of(CallMetadata.Of(options.AllHeaders), timeout, cancellationToken: cancellationToken);

    private FlowKitException Explain(RpcException exception)
    {
        var message = exception.Status.Detail.Length > 0 ? exception.Status.Detail : exception.StatusCode.ToString();
        var error = new FlowError(GrpcStatusMap.ErrorOf(exception.StatusCode), $"{address}: {message}")
        {
            RetryAfter = RetryAfter.Find(exception.Trailers),
        };
        return new FlowKitException(error, exception);
    }
}
