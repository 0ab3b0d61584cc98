using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.Configuration.Gateway.Queue;
using FlowKit.Graph;
using FlowKit.Runtime;
using FlowKit.Runtime.Executors.Loading;
using FlowKit.Telemetry;
using FlowKit.Wire;
using Microsoft.Extensions.Logging;

namespace FlowKit.Serving.Gateway.Queue;

/// <summary>
/// The queue in front of a flow: what is stored in it is accepted, and goes through the flow once, whatever of the two ends in between. It
/// connects by itself, again and again.
/// </summary>
internal sealed partial class RequestQueue : IAsyncDisposable
{
    /// <summary>The most bytes of a request's id: those of a short text of AMQP.</summary>
    private const int MaxIdBytes = 255;

    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_maxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(5);

    private readonly QueueConfig _config;
    private readonly TimeSpan _timeoutStop;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FrozenSet<string> _endpoints;
    private readonly CompletedRequests _completed;
    private readonly QueueConsumer _consumer;
    private readonly CancellationTokenSource _stop = new();
    private volatile QueueSession? _session;
    private volatile string? _reason;
    private Task _running = Task.CompletedTask;
    private bool _isDisposed;

    /// <param name="config">The queue.</param>
    /// <param name="timeoutStop">The time that stopping waits for what is under way.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of connections, and of what could not be done.</param>
    public RequestQueue(QueueConfig config, TimeSpan timeoutStop, FlowRuntime flow, TimeProvider time, ILogger<RequestQueue> logger)
    {
        (_config, _timeoutStop, _time, _logger) = (config, timeoutStop, time, logger);
        _endpoints = config.Endpoints.ToFrozenSet(StringComparer.Ordinal);
        _completed = new CompletedRequests(Path.Combine(flow.Workspace, "gateway", $"{config.Name.Replace(':', '_')}.done"), logger);
        _consumer = new QueueConsumer(config, flow, _completed, time, logger, _stop.Token);
    }

    /// <summary>Tells whether requests to an endpoint go through the queue.</summary>
    public bool Takes(string endpoint) => _endpoints.Contains(endpoint);

    /// <summary>Connects, now and whenever the connection is lost.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Stores a request. The answer names its id, and has the documents without what is in them.</summary>
    /// <param name="message">The message; it gets an id where it has none.</param>
    /// <param name="request">What is to be done.</param>
    /// <param name="cancellationToken">Ends when the caller has gone.</param>
    public async Task<FlowResponse> StoreAsync(DataRequest message, FlowRequest request, CancellationToken cancellationToken)
    {
        var arrived = _time.GetUtcNow();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(request.Timeout ?? Timeout.InfiniteTimeSpan);
        try
        {
            message.RequestId = IdOf(message);
            var session = _session ?? throw new FlowKitException(QueueErrors.NotConnected(_reason));
            var queued = QueuedRequest.Of(message, request.Priority);
            await session.StoreAsync(_config.Name, queued.Properties(), queued.Body, patience.Token);
            QueueTelemetry.Stored(_config.Name);
            return new FlowResponse(
                [.. message.Documents.Select(document => new Document { Id = document.Id })],
                null,
                [new RouteTiming(FlowGraph.Origin, arrived, _time.GetUtcNow())],
                new JsonObject
                {
                    [FlowGraph.Origin] = new JsonObject
                    {
                        ["queue"] = _config.Name,
                        ["request_id"] = queued.Id,
                        ["stored"] = message.Documents.Count,
                    },
                });
        }
        catch (FlowKitException exception)
        {
            return new FlowResponse(message.Documents, exception.Error, [], null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            const string Late = "The deadline passed before the queue said that the request is stored.";
            return new FlowResponse(message.Documents, new FlowError(FlowErrorCode.DeadlineExceeded, Late), [], null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        using var closing = new CancellationTokenSource(s_closing);
        if (_session is { } session)
        {
            try
            {
                await session.StopConsumingAsync(closing.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException || QueueErrors.IsLost(exception, closing.Token))
            {
                // Nothing comes over a connection that is lost.
            }
        }

        await Task.WhenAny(_consumer.WhenIdleAsync(), Task.Delay(_timeoutStop, CancellationToken.None));
        await _stop.CancelAsync();
        await _running;
        _completed.Dispose();
        _stop.Dispose();
    }

    private static string IdOf(DataRequest message)
    {
        if (message.RequestId is not { Length: > 0 } id)
        {
            return NewId.Next();
        }

        return Encoding.UTF8.GetByteCount(id) <= MaxIdBytes && !id.Any(char.IsControl)
            ? id
            : throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The request's id is longer than {MaxIdBytes} bytes or has control characters.");
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var backoff = new Backoff(s_firstWait, s_maxWait);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var session = await QueueSession.OpenAsync(_config, _stop.Token);
                await session.ConsumeAsync(delivery => _consumer.Receive(session, delivery), _stop.Token);
                _session = session;
                backoff = new Backoff(s_firstWait, s_maxWait);
                Log.Connected(_logger, _config.Name);
                _reason = await session.Ended.WaitAsync(_stop.Token);
                Log.Lost(_logger, _config.Name, _reason);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it is, among it a cancellation by which the client tells that an answer did not come in time.
                _reason = exception is OperationCanceledException
                    ? "it did not answer in time"
                    : exception.InnerException?.Message ?? exception.Message;
                Log.NotConnected(_logger, _config.Name, _reason);
            }
            finally
            {
                _session = null;
            }

            await Task.Delay(backoff.Next(), _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.QueueConnected, LogLevel.Information, "Requests that write go through the queue '{Queue}'")]
        public static partial void Connected(ILogger logger, string queue);

        [LoggerMessage(
            EventIds.QueueLost, LogLevel.Warning, "The connection to the queue '{Queue}' ended, and is made again: {Reason}")]
        public static partial void Lost(ILogger logger, string queue, string reason);

        [LoggerMessage(
            EventIds.QueueNotConnected, LogLevel.Warning, "There is no connection to the queue '{Queue}', it is tried again: {Reason}")]
        public static partial void NotConnected(ILogger logger, string queue, string reason);
    }
}
