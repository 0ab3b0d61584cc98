using System.Diagnostics;
using System.Threading.Channels;
using FlowKit.Components;
using FlowKit.Routing;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime;

/// <summary>
/// Reads its inbox with one loop per replica (the free one takes the next), calls the executor and sends the part on.
/// An executor's exception fails the request it was thrown for, never the stage.
/// </summary>
internal sealed partial class ExecutorStage : IPartSink
{
    private readonly string _name;
    private readonly Channel<RequestPart> _inbox;
    private readonly IReadOnlyList<ExecutorReplica> _replicas;
    private readonly IPartSink _next;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public ExecutorStage(string name, int capacity, IReadOnlyList<ExecutorReplica> replicas, IPartSink next, TimeProvider time, ILogger logger)
    {
        _name = name;
        _inbox = Channel.CreateBounded<RequestPart>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = replicas.Count == 1 });
        _replicas = replicas;
        _next = next;
        _time = time;
        _logger = logger;
    }

    public string Name => _name;

    public IReadOnlyList<ExecutorReplica> Replicas => _replicas;

    /// <summary>Parts waiting in the inbox.</summary>
    public int Depth => _inbox.Reader.Count;

    /// <summary>Runs until the inbox is completed and empty, then completes the next stage.</summary>
    public async Task RunAsync()
    {
        try
        {
            await Task.WhenAll(_replicas.Select(replica => Task.Run(() => ServeAsync(replica))));
        }
        finally
        {
            _next.Complete();
        }
    }

    public ValueTask SendAsync(RequestPart part)
    {
        FlowTelemetry.Enqueued(_name);
        return _inbox.Writer.TryWrite(part) ? ValueTask.CompletedTask : WaitForRoomAsync(part);
    }

    public void Complete() => _inbox.Writer.TryComplete();

    /// <summary>A part whose request ends while it waits is dropped: its caller has been answered.</summary>
    private async ValueTask WaitForRoomAsync(RequestPart part)
    {
        try
        {
            await _inbox.Writer.WriteAsync(part, part.Request.Token);
        }
        catch (OperationCanceledException)
        {
            FlowTelemetry.Started(_name, skipped: true);
        }
        catch (ChannelClosedException)
        {
            FlowTelemetry.Started(_name, skipped: true);
            part.Request.Fail(new FlowError(FlowErrorCode.Unavailable, "The flow stopped before it had answered."));
        }
    }

    private async Task ServeAsync(ExecutorReplica replica)
    {
        while (await _inbox.Reader.WaitToReadAsync())
        {
            while (_inbox.Reader.TryRead(out var part))
            {
                await TakeAsync(replica, part);
            }
        }
    }

    /// <summary>Whatever goes wrong, here or in the fork or join behind, fails the request and not the loop.</summary>
    private async ValueTask TakeAsync(ExecutorReplica replica, RequestPart part)
    {
        try
        {
            var skipped = part.Request.IsSettled;
            FlowTelemetry.Started(_name, skipped);
            if (!skipped && await HandleAsync(replica, part))
            {
                await _next.SendAsync(part);
            }
        }
        catch (Exception exception)
        {
            Fail(part.Request, exception, _time.GetUtcNow());
        }
    }

    /// <returns>Whether the request goes on.</returns>
    private async ValueTask<bool> HandleAsync(ExecutorReplica replica, RequestPart part)
    {
        var start = _time.GetUtcNow();
        var endpoint = replica.Endpoints.Find(part.Request.Call.Endpoint);
        if (endpoint is null || !Targets(part.Request))
        {
            part.Request.AddRoute(new RouteTiming(_name, start, null));
            return !part.Request.IsSettled;
        }

        using var activity = FlowTelemetry.Activities.StartActivity(_name);
        var began = _time.GetTimestamp();
        var given = part.Documents.Count;
        try
        {
            await CallAsync(replica, endpoint, part);
            part.Request.AddRoute(new RouteTiming(_name, start, _time.GetUtcNow()));
            return true;
        }
        catch (Exception exception)
        {
            Fail(part.Request, exception, start);
            activity?.SetStatus(ActivityStatusCode.Error);
            return false;
        }
        finally
        {
            FlowTelemetry.Finished(_name, _time.GetElapsedTime(began), given);
        }
    }

    private bool Targets(FlowRequest request)
    {
        try
        {
            return request.Targets(_name);
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            request.Fail(new FlowError(FlowErrorCode.InvalidArgument, $"target_executor: '{request.Call.TargetExecutor}' takes too long to match."));
            return false;
        }
    }

    private async ValueTask CallAsync(ExecutorReplica replica, EndpointMethod endpoint, RequestPart part)
    {
        var healthy = new HealthyDocuments(part.Documents);
        var parameters = ExecutorParameters.For(_name, part.Request.Call.Parameters);
        var result = await replica.InvokeAsync(endpoint, healthy.Given, parameters, part.Request.Token);
        var answer = result is IEnumerable<Document> documents ? documents as DocumentArray ?? new DocumentArray(documents) : null;
        part.Documents = healthy.Restore(answer);
        if (result is not null && answer is null)
        {
            part.Request.AddResult(_name, EndpointMethod.ToJson(result));
        }

        NameFailures(part.Documents);
    }

    private void NameFailures(DocumentArray documents)
    {
        foreach (var document in documents)
        {
            if (document is null)
            {
                throw new FlowKitException(FlowErrorCode.Internal, $"'{_name}' left an empty place in the list of documents.");
            }

            if (document.Error is { Executor: null } error)
            {
                document.Error = error with { Executor = _name };
            }
        }
    }

    private void Fail(FlowRequest request, Exception exception, DateTimeOffset start)
    {
        var error = Explain(request, exception);
        if (error.Code == FlowErrorCode.Internal)
        {
            Log.ExecutorThrew(_logger, _name, request.Call.Endpoint, exception);
        }

        request.AddRoute(new RouteTiming(_name, start, _time.GetUtcNow(), error));
        request.Fail(error);
    }

    /// <summary>A cancellation that nobody asked for, such as an inner timeout of an HTTP client, is the executor's own failure.</summary>
    private FlowError Explain(FlowRequest request, Exception exception) =>
        exception is OperationCanceledException && !request.Token.IsCancellationRequested
            ? new FlowError(FlowErrorCode.Internal, exception.Message) { Executor = _name, ExceptionName = exception.GetType().Name }
            : FlowError.From(exception, _name);

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Error, "Executor {Executor} threw on {Endpoint}")]
        public static partial void ExecutorThrew(ILogger logger, string executor, string endpoint, Exception exception);
    }
}
