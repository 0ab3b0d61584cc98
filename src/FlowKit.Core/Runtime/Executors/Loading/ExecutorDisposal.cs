using FlowKit.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Executors.Loading;

/// <summary>Disposes executors, none of which may keep the others from it: not by throwing, not by hanging.</summary>
internal sealed partial class ExecutorDisposal(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    public async Task DisposeAsync(Executor executor)
    {
        try
        {
            await Task.Run(() => EndAsync(executor)).WaitAsync(s_limit, time);
        }
        catch (TimeoutException)
        {
            Log.DisposeHangs(logger, executor.Context.Name, s_limit.TotalSeconds);
        }
        catch (Exception exception)
        {
            Log.DisposeThrew(logger, executor.Context.Name, exception);
        }
    }

    /// <summary>The services that an executor was given outlive it.</summary>
    private static async Task EndAsync(Executor executor)
    {
        try
        {
            await executor.DisposeAsync();
        }
        finally
        {
            if (executor.Context.Scope is { } scope)
            {
                await scope.DisposeAsync();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ExecutorDisposeThrew, LogLevel.Error, "Executor {Executor} threw while it was disposed")]
        public static partial void DisposeThrew(ILogger logger, string executor, Exception exception);

        [LoggerMessage(EventIds.ExecutorDisposeHangs, LogLevel.Error, "Executor {Executor} was not disposed within {Seconds} s and is "
            + "left behind")]
        public static partial void DisposeHangs(ILogger logger, string executor, double seconds);
    }
}
