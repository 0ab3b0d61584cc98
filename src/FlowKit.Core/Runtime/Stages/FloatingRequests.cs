using FlowKit.Runtime.Requests;
using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Stages;

/// <summary>The requests of floating executors: stopping waits for them, and what goes wrong is only logged.</summary>
internal sealed partial class FloatingRequests(TimeProvider time, ILogger logger, CancellationToken aborted)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _idle;
    private int _running;

    public int Running => Volatile.Read(ref _running);

    public RequestState Detach(WorkItem item, FlowPipeline pipeline)
    {
        lock (_lock)
        {
            _running++;
        }

        var request = new RequestState(item.Request.Call, item.Request.Stages, time, null, default, CancellationToken.None, aborted);
        request.Watch();
        pipeline.AddDetached();
        _ = WatchAsync(request, pipeline);
        return request;
    }

    /// <summary>Completes when none is left.</summary>
    public Task WhenIdleAsync()
    {
        lock (_lock)
        {
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running == 0)
            {
                _idle.TrySetResult();
            }

            return _idle.Task;
        }
    }

    private async Task WatchAsync(RequestState request, FlowPipeline pipeline)
    {
        using var owned = request;
        if ((await request.Reply).Error is { } error)
        {
            Log.FloatingFailed(logger, request.Call.Endpoint, error.ToString());
        }

        pipeline.RemoveDetached();
        lock (_lock)
        {
            if (--_running == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.FloatingExecutorFailed, LogLevel.Error, "A floating executor failed on {Endpoint}: {Error}")]
        public static partial void FloatingFailed(ILogger logger, string endpoint, string error);
    }
}
