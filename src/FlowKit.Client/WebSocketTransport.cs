using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using FlowKit.Wire;

namespace FlowKit.Client;

/// <summary>
/// Speaks protobuf over one WebSocket that carries any number of requests; one that breaks is opened again by the next request.
/// </summary>
internal sealed class WebSocketTransport(Uri address, FlowClientOptions options) : IFlowTransport
{
    private readonly SemaphoreSlim _opening = new(1);
    private readonly SocketsHttpHandler _handler = Connection.Open(options);
    private SocketLine? _line;

    public async Task<DataRequest> SendAsync(DataRequest request, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout is { } time)
        {
            limit.CancelAfter(time);
        }

        try
        {
            return await (await LineAsync(limit.Token)).SendAsync(request, limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FlowKitException(
                FlowErrorCode.DeadlineExceeded, $"{address} did not answer within {timeout!.Value.TotalSeconds} s.", exception);
        }
    }

    /// <summary>The protocol has whole replies only, so the documents come together.</summary>
    public async IAsyncEnumerable<Document> StreamAsync(
        DataRequest request, TimeSpan? timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reply = await SendAsync(request, timeout, cancellationToken);
        if (reply.Status is { Code: not 0 } status)
        {
            throw new FlowKitException(Refusals.Of(status, reply.Routes));
        }

        foreach (var document in reply.Documents)
        {
            yield return document;
        }
    }

    /// <summary>Jina's WebSocket protocol has no such question.</summary>
    public Task<IReadOnlySet<string>?> GetEndpointsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<string>?>(null);

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var socket = await OpenAsync("/dry_run", cancellationToken);
        try
        {
            var status = await SocketLine.ReceiveAsync(socket, cancellationToken);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken);
            return status is { Length: 0 };
        }
        catch (WebSocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _line, null) is { } line)
        {
            await line.DisposeAsync();
        }

        _handler.Dispose();
        _opening.Dispose();
    }

    private async Task<SocketLine> LineAsync(CancellationToken cancellationToken)
    {
        if (_line is { IsOpen: true } line)
        {
            return line;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_line is not { IsOpen: true })
            {
                await (_line?.DisposeAsync() ?? default);
                _line = new SocketLine(await OpenAsync("/", cancellationToken), address);
            }

            return _line;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<ClientWebSocket> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("bytes");
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        foreach (var (name, value) in options.AllHeaders)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        try
        {
            using var invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
            await socket.ConnectAsync(new Uri(address, path), invoker, cancellationToken);
            return socket;
        }
        catch (WebSocketException exception)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            throw new FlowKitException(
                Refusals.CodeOf(status),
                $"No flow opens a WebSocket at {address}: {(status == 0 ? exception.GetBaseException().Message : $"{(int)status}")}",
                exception);
        }
    }
}
