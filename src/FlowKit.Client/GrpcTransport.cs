using System.Runtime.CompilerServices;
using FlowKit.Wire;
using FlowKit.Wire.Grpc;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using FlowKit.Wire.Protos.V1;
using Google.Protobuf.WellKnownTypes;

namespace FlowKit.Client;

/// <summary>Speaks Jina's gRPC protocol, to a gateway of FlowKit or of Jina 3, over one connection that carries any number of calls.</summary>
internal sealed class GrpcTransport(Uri address, FlowClientOptions options) : IFlowTransport
{
    private const string RetryAfter = "retry-after";

    private readonly JinaDocumentMethods _methods = JinaDocumentMethods.Of(options.DocArray);
    private readonly GrpcChannel _channel = new(address, new GrpcChannelOptions { Tls = Connection.Tls(options), SeveralConnections = true, TimeProvider = options.TimeProvider });

    public async Task<DataRequest> SendAsync(DataRequest request, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        try
        {
            var message = new JinaMessage(request, options.DocArray);
            return (await _channel.UnaryAsync(_methods.ProcessSingleData, message, OptionsOf(timeout), cancellationToken)).Message.Request;
        }
        catch (GrpcException exception)
        {
            throw Explain(exception);
        }
    }

    /// <summary>Only a single document can be asked to stream; what several are answered with comes together.</summary>
    public IAsyncEnumerable<Document> StreamAsync(DataRequest request, TimeSpan? timeout, CancellationToken cancellationToken) =>
        request.Documents.Count == 1 ? StreamOneAsync(request, timeout, cancellationToken) : StreamWholeAsync(request, timeout, cancellationToken);

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _channel.UnaryAsync(JinaMethods.DryRun, new Empty(), OptionsOf(null), cancellationToken)).Message.Code == StatusProto.Types.StatusCode.Success;
        }
        catch (GrpcException exception)
        {
            throw Explain(exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<Document> StreamOneAsync(DataRequest request, TimeSpan? timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = _channel.Start(_methods.StreamDoc, new JinaMessage(request, options.DocArray), OptionsOf(timeout), cancellationToken);
        while (await MoveNextAsync(call, cancellationToken))
        {
            var reply = call.Current.Request;
            ThrowIfFailed(reply);
            foreach (var document in reply.Documents)
            {
                yield return document;
            }
        }
    }

    private async Task<bool> MoveNextAsync(GrpcCall<JinaMessage, JinaMessage> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call.MoveNextAsync(cancellationToken);
        }
        catch (GrpcException exception)
        {
            throw Explain(exception);
        }
    }

    private async IAsyncEnumerable<Document> StreamWholeAsync(DataRequest request, TimeSpan? timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
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
            throw new FlowKitException(Refusals.Of(status));
        }
    }

    private GrpcCallOptions OptionsOf(TimeSpan? timeout)
    {
        var metadata = new GrpcMetadata();
        foreach (var (name, value) in options.AllHeaders)
        {
            metadata.Add(name, value);
        }

        return new GrpcCallOptions { Metadata = metadata, Timeout = timeout };
    }

    private FlowKitException Explain(GrpcException exception)
    {
        var wait = double.TryParse(exception.Trailers.Find(RetryAfter), System.Globalization.CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var message = exception.Status.Message.Length > 0 ? exception.Status.Message : exception.Status.Code.ToString();
        return new FlowKitException(new FlowError(GrpcStatusMap.ErrorOf(exception.Status.Code), $"{address}: {message}") { RetryAfter = wait }, exception);
    }
}
