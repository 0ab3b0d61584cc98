namespace FlowKit.Benchmarks.Runtime;

/// <summary>Callers who come at a rate, whether or not those before them have been answered.</summary>
internal static class OpenLoop
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(1);

    /// <summary>Sends at a rate for a time, then waits for the last answer.</summary>
    /// <param name="perSecond">The rate.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="send">Sends one request and notes what becomes of it; must not throw.</param>
    /// <returns>How many were sent.</returns>
    public static async Task<long> RunAsync(double perSecond, TimeSpan duration, Func<Task> send)
    {
        var sent = 0L;
        var open = new CountdownEvent(1);
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = new PeriodicTimer(s_tick);
        var start = TimeProvider.System.GetTimestamp();
        for (var passed = TimeSpan.Zero; passed < duration; passed = TimeProvider.System.GetElapsedTime(start))
        {
            for (; sent < passed.TotalSeconds * perSecond; sent++)
            {
                open.AddCount();
                _ = FollowAsync(send, open, idle);
            }

            await timer.WaitForNextTickAsync();
        }

        Leave(open, idle);
        await idle.Task;
        return sent;
    }

    private static async Task FollowAsync(Func<Task> send, CountdownEvent open, TaskCompletionSource idle)
    {
        await send();
        Leave(open, idle);
    }

    private static void Leave(CountdownEvent open, TaskCompletionSource idle)
    {
        if (open.Signal())
        {
            idle.SetResult();
        }
    }
}
