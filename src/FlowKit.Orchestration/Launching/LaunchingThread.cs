using System.Collections.Concurrent;

namespace FlowKit.Orchestration.Launching;

/// <summary>
/// The one thread that starts programs, and lives as long as this process. Linux ties a program that asks to die with its parent to the
/// <em>thread</em> that started it: one of the pool's would end it whenever the pool shrinks.
/// </summary>
internal static class LaunchingThread
{
    private const int MaxPending = 1024;

    private static readonly BlockingCollection<Action> s_work = new(MaxPending);

    static LaunchingThread() => new Thread(Run) { IsBackground = true, Name = "FlowKit launching" }.Start();

    /// <summary>Runs something there.</summary>
    public static Task<T> RunAsync<T>(Func<T> start)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_work.Add(() =>
        {
            try
            {
                done.SetResult(start());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        return done.Task;
    }

    private static void Run()
    {
        foreach (var work in s_work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
