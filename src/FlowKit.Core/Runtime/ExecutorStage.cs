using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using FlowKit.Components;
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
    }

    private async Task ServeAsync(ExecutorReplica replica)
    {
        while (await _inbox.Reader.WaitToReadAsync())
        {
            while (_inbox.Reader.TryRead(out var part))
            {
                FlowTelemetry.Started(_name, skipped: part.Request.IsSettled);
                if (!part.Request.IsSettled && await HandleAsync(replica, part))
                {
                    await _next.SendAsync(part);
                }
            }
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
            FlowTelemetry.Finished(_name, _time.GetElapsedTime(began), part.Documents.Count);
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

    /// <summary>Documents that failed earlier are kept from the executor and put back behind it.</summary>
    private async ValueTask CallAsync(ExecutorReplica replica, EndpointMethod endpoint, RequestPart part)
    {
        var all = part.Documents;
        var failed = all.Where(document => document.Error is not null).ToList();
        var healthy = failed.Count == 0 ? all : new DocumentArray(all.Where(document => document.Error is null));
        var result = await endpoint.InvokeAsync(replica.Executor, healthy, part.Request.Call.Parameters, part.Request.Token);
        if (result is DocumentArray replaced && !ReferenceEquals(replaced, healthy))
        {
            replaced.AddRange(failed);
            part.Documents = replaced;
        }
        else if (result is not null and not DocumentArray)
        {
            part.Request.AddResult(_name, result as JsonNode ?? EndpointMethod.ToJson(result));
        }

        foreach (var document in healthy)
        {
            if (document.Error is { Executor: null } error)
            {
                document.Error = error with { Executor = _name };
            }
        }
    }

    private void Fail(FlowRequest request, Exception exception, DateTimeOffset start)
    {
        var error = FlowError.From(exception, _name);
        request.AddRoute(new RouteTiming(_name, start, _time.GetUtcNow(), error));
        request.Fail(error);
        if (error.Code == FlowErrorCode.Internal)
        {
            Log.ExecutorThrew(_logger, _name, request.Call.Endpoint, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Error, "Executor {Executor} threw on {Endpoint}")]
        public static partial void ExecutorThrew(ILogger logger, string executor, string endpoint, Exception exception);
    }
}
