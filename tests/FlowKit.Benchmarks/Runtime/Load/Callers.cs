using FlowKit.Runtime;

namespace FlowKit.Benchmarks.Runtime;

/// <summary>Callers that each send the next request when the last has been answered.</summary>
internal static class Callers
{
    /// <summary>Calls something written by hand for a time.</summary>
    /// <param name="count">How many are under way at once.</param>
    /// <param name="duration">For how long new ones are sent.</param>
    /// <param name="call">Sends a request and waits for its answer; it is told which caller calls.</param>
    /// <returns>How many were answered.</returns>
    public static Task<long> RunAsync(int count, TimeSpan duration, Func<int, ValueTask> call) =>
        RunAsync(count, duration, async (caller, stop) =>
        {
            var answered = 0L;
            while (!stop.IsCancellationRequested)
            {
                await call(caller).ConfigureAwait(false);
                answered++;
            }

            return answered;
        });

    /// <summary>Calls a flow for a time; every request must succeed.</summary>
    public static Task<long> RunAsync(int count, TimeSpan duration, Func<int, Task<FlowResponse>> call) =>
        RunAsync(count, duration, async (caller, stop) =>
        {
            var answered = 0L;
            while (!stop.IsCancellationRequested)
            {
                if ((await call(caller).ConfigureAwait(false)).Error is { } error)
                {
                    throw new FlowKitException(error);
                }

                answered++;
            }

            return answered;
        });

    private static async Task<long> RunAsync(int count, TimeSpan duration, Func<int, CancellationToken, Task<long>> caller)
    {
        using var stop = new CancellationTokenSource(duration);
        var token = stop.Token;
        var callers = Enumerable.Range(0, count).Select(number => Task.Run(() => caller(number, token), CancellationToken.None));
        return (await Task.WhenAll(callers)).Sum();
    }
}
