using FlowKit.Runtime.Channels;
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

        var memory = MemoryOf(item);
        var permits = new RequestPermits(null, null, memory);
        var request = new RequestState(item.Request.Call, item.Request.Stages, time, null, permits, CancellationToken.None, aborted)
        {
            Journal = item.Request.Journal,
            IsFloating = true,
        };
        request.Watch();
        pipeline.AddDetached();
        _ = WatchAsync(request, memory, pipeline);
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

    /// <summary>The documents are there already, so that they are counted if there is room, and refused no more.</summary>
    private static MemoryShare? MemoryOf(WorkItem item)
    {
        if (item.Request.Memory is not { } caller)
        {
            return null;
        }

        var memory = new MemoryShare(caller.Budget);
        _ = memory.TryTake(ContentSize.Of(item.Documents), "A floating request");
        return memory;
    }

    private async Task WatchAsync(RequestState request, MemoryShare? memory, FlowPipeline pipeline)
    {
        using var owned = request;
        using var held = memory;
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
