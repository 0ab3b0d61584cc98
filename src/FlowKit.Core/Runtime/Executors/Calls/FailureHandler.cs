using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Executors.Calls;

/// <summary>Handles calls that failed: notes them, counts faults of their replica, tries them again, or tells their requests.</summary>
/// <param name="state">The pool.</param>
/// <param name="retries">Decides what is tried again.</param>
/// <param name="end">Ends the flow, for exceptions that <c>exit_on_exceptions</c> names.</param>
/// <param name="logger">Where failures are logged.</param>
internal sealed partial class FailureHandler(PoolState state, RetryPolicy retries, Action<FlowError> end, ILogger logger)
{
    /// <summary>
    /// Notes a failure that the executor did not mean. It counts against the replica only when it points at that, and not at what was sent:
    /// nobody's input may cost the others an executor, or its state.
    /// </summary>
    public void Note(Replica replica, string endpoint, Exception exception)
    {
        if (state.Revision.Descriptor.Faults.Include(exception))
        {
            replica.FaultsInARow++;
        }

        state.LastError = exception.Message;
        Log.ExecutorThrew(logger, state.Name, endpoint, exception);
        var thrown = exception is FlowKitException { Error.ExceptionName: { } name } ? name : exception.GetType().Name;
        if (state.Config.ExitOnExceptions.Contains(thrown))
        {
            end(FlowError.From(exception, state.Name) with
            {
                Message = $"'{state.Name}' threw {thrown}, which ends the flow "
                + $"(exit_on_exceptions): {exception.Message}"
            });
        }
    }

    /// <summary>An item's call has failed: it is tried again, or told.</summary>
    public Task FailAsync(Replica replica, WorkItem item, FlowError error, Exception exception, long start)
    {
        if (error.Code == FlowErrorCode.Internal)
        {
            Note(replica, item.Request.Call.Endpoint, exception);
        }

        return error.Code == FlowErrorCode.Unavailable ? RetryOrTellAsync(item, error, start) : TellAsync(item, error, start);
    }

    /// <summary>Tries an item again when that is allowed; otherwise tells its request.</summary>
    public Task RetryOrTellAsync(WorkItem item, FlowError error, long start) =>
        retries.TryRetry(item) ? RetryAsync(item) : TellAsync(item, error, start);

    /// <summary>Tells a request that an executor on its way has failed.</summary>
    public async Task TellAsync(WorkItem item, FlowError error, long start)
    {
        FlowTelemetry.Failed(state.Name, error.Code);
        try
        {
            item.Request.FailAt(item.Stage.Index, start, error);
            await item.Stage.Next.FailAsync(item, error).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            item.Request.Fail(FlowError.From(exception, state.Name));
        }
    }

    private async Task RetryAsync(WorkItem item)
    {
        var again = item.RetryCopy ?? item.CopyForRetry();
        FlowTelemetry.Retried(state.Name);
        try
        {
            await again.Stage.RetryAsync(again).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            item.Request.Fail(FlowError.From(exception, state.Name));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ExecutorThrew, LogLevel.Error, "Executor {Executor} threw on {Endpoint}")]
        public static partial void ExecutorThrew(ILogger logger, string executor, string endpoint, Exception exception);
    }
}
