using FlowKit.Configuration.Gateway.Queue;
using FlowKit.Runtime;
using FlowKit.Runtime.Executors.Loading;
using FlowKit.Telemetry;
using FlowKit.Wire;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Events;

namespace FlowKit.Serving.Gateway.Queue;

/// <summary>
/// Takes requests out of the queue through the flow. Each is tried until it is done, or it is known that it cannot be; only then is it
/// acknowledged, so that one whose gateway dies comes again.
/// </summary>
/// <param name="config">The queue.</param>
/// <param name="flow">The flow.</param>
/// <param name="completed">The requests that were done.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of what could not be done.</param>
/// <param name="stopping">Ends what waits to be tried again.</param>
internal sealed partial class QueueConsumer(
    QueueConfig config, FlowRuntime flow, CompletedRequests completed, TimeProvider time, ILogger logger, CancellationToken stopping)
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_maxWait = TimeSpan.FromSeconds(10);

    private readonly DocumentOrder _order = new();

    /// <summary>Takes a delivery, in the order in which they come.</summary>
    /// <param name="session">The connection over which it came.</param>
    /// <param name="delivery">What was delivered.</param>
    public void Receive(QueueSession session, BasicDeliverEventArgs delivery)
    {
        var (request, tag) = (QueuedRequest.Of(delivery), delivery.DeliveryTag);
        try
        {
            var message = request.Read();
            _ = _order.Run(message.Documents.Select(document => document.Id), () => RunAsync(session, tag, request, message));
        }
        catch (FlowKitException exception)
        {
            _ = _order.Run([request.Id], () => EndAsync(session, tag, () => BuryAsync(session, request, exception.Error, null)));
        }
    }

    /// <summary>Waits for the requests that are under way.</summary>
    public Task WhenIdleAsync() => _order.WhenEmptyAsync();

    private Task RunAsync(QueueSession session, ulong tag, QueuedRequest request, DataRequest first) => EndAsync(session, tag, async () =>
    {
        if (completed.Contains(request.Id))
        {
            QueueTelemetry.Took(config.Name, "duplicate");
            return;
        }

        var reply = await TryAsync(session, request, first);
        if (reply.Error is { } error)
        {
            await BuryAsync(session, request, error, null);
        }
        else if (reply.Documents.Any(document => document.Error is not null))
        {
            var failed = reply.Documents.Where(document => document.Error is not null).ToList();
            await BuryAsync(session, request, failed[0].Error!, [.. failed.Select(document => document.Id)]);
        }
        else
        {
            QueueTelemetry.Took(config.Name, "done");
        }

        completed.Add(request.Id);
    });

    /// <summary>Acknowledges what has ended; what has not, as the gateway stops or the connection is lost, comes again.</summary>
    private async Task EndAsync(QueueSession session, ulong tag, Func<Task> run)
    {
        try
        {
            await run();
            await session.AcknowledgeAsync(tag, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
        }
        catch (FlowKitException exception)
        {
            Log.ComesAgain(logger, config.Name, exception.Message);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, config.Name);
        }
    }

    /// <param name="session">The connection.</param>
    /// <param name="request">The request.</param>
    /// <param name="first">The message for the first attempt; what an executor did to it must not reach the next.</param>
    private async Task<FlowResponse> TryAsync(QueueSession session, QueuedRequest request, DataRequest first)
    {
        var (backoff, message) = (new Backoff(s_firstWait, s_maxWait), first);
        for (var failures = 0; ;)
        {
            var wasHealthy = flow.IsHealthy;
            var reply = await SendAsync(request, message);
            if (reply.Error is not { } error || IsFinal(error.Code) || (Counts(error, wasHealthy) && ++failures >= config.Attempts))
            {
                return reply;
            }

            message = request.Read();
            Log.TriedAgain(logger, request.Id, config.Name, error.Executor ?? "gateway", error.Message);
            var wait = backoff.Next();
            var waited = Task.Delay(error.RetryAfter > wait ? error.RetryAfter.Value : wait, time, stopping);
            var ended = await Task.WhenAny(session.Ended, waited);
            stopping.ThrowIfCancellationRequested();
            if (ended == session.Ended)
            {
                throw new OperationCanceledException("The connection has ended, and the request comes again over the next one.");
            }
        }
    }

    private async Task<FlowResponse> SendAsync(QueuedRequest request, DataRequest message)
    {
        if (!flow.TryAdmit(out var permit, out var refusal))
        {
            return new FlowResponse([], refusal, [], null);
        }

        using (permit)
        {
            if (permit.TryTake(request.Body.Length, "The request from the queue") is { } full)
            {
                return new FlowResponse([], full, [], null);
            }

            var call = new FlowRequest(message.ExecEndpoint, message.Documents)
            {
                Parameters = message.Parameters,
                TargetExecutor = message.TargetExecutor,
                Priority = request.Priority,
                Timeout = flow.TimeoutSend,
            };
            return await flow.SendAsync(call, permit, CancellationToken.None);
        }
    }

    /// <summary>Tells whether a request can never be done.</summary>
    private static bool IsFinal(FlowErrorCode code) => code is FlowErrorCode.InvalidArgument or FlowErrorCode.NotFound
        or FlowErrorCode.PermissionDenied or FlowErrorCode.PayloadTooLarge;

    /// <summary>
    /// Tells whether a failure is one of the attempts: not where there was no room or nobody to do it, but where a flow that could serve
    /// was brought down by it.
    /// </summary>
    private static bool Counts(FlowError error, bool wasHealthy) => error.Code switch
    {
        FlowErrorCode.ResourceExhausted or FlowErrorCode.Cancelled => false,
        FlowErrorCode.Unavailable => wasHealthy && error.Executor is not null,
        _ => true,
    };

    /// <summary>Keeps what could not be done among the dead letters: the request, or those of its documents that failed.</summary>
    private async Task BuryAsync(QueueSession session, QueuedRequest request, FlowError error, HashSet<string>? documents)
    {
        var dead = request;
        if (documents is not null)
        {
            var message = request.Read();
            message.Documents = [.. message.Documents.Where(document => documents.Contains(document.Id))];
            dead = QueuedRequest.Of(message, request.Priority) with { Id = request.Id, Dialect = request.Dialect };
        }

        await session.StoreAsync(config.DeadLetters, dead.Properties(error), dead.Body, stopping);
        QueueTelemetry.Took(config.Name, "dead_letter");
        Log.Buried(logger, request.Id, documents?.Count ?? 0, config.DeadLetters, error.Executor ?? "gateway", error.Message);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.QueueDeadLetter,
            LogLevel.Error,
            "The request {Id} (documents alone: {Documents}) could not be done and is kept in the queue '{Queue}': {Executor}: {Message}")]
        public static partial void Buried(ILogger logger, string id, int documents, string queue, string executor, string message);

        [LoggerMessage(
            EventIds.QueueTriedAgain,
            LogLevel.Warning,
            "The request {Id} out of the queue '{Queue}' is tried again: {Executor}: {Message}")]
        public static partial void TriedAgain(ILogger logger, string id, string queue, string executor, string message);

        [LoggerMessage(
            EventIds.QueueComesAgain, LogLevel.Warning, "A request out of the queue '{Queue}' will be delivered again: {Message}")]
        public static partial void ComesAgain(ILogger logger, string queue, string message);

        [LoggerMessage(EventIds.QueueFailed, LogLevel.Error, "A request out of the queue '{Queue}' will be delivered again")]
        public static partial void Failed(ILogger logger, Exception exception, string queue);
    }
}
