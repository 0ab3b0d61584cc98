namespace FlowKit.TestKit;

/// <summary>Waiting in tests: long enough for an overloaded machine, and never for ever.</summary>
public static class TestTimeout
{
    /// <summary>The longest wait for something that must come.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="what">What is waited for, for the message.</param>
    /// <exception cref="TimeoutException">It never held.</exception>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">The condition, which is asked again when it has answered.</param>
    /// <param name="what">What is waited for, for the message.</param>
    /// <exception cref="TimeoutException">It never held.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
            {
                throw new TimeoutException($"Waited {Limit.TotalSeconds} s for {what}.");
            }

            await Task.Delay(2);
        }
    }

    /// <summary>Waits for a task that must end.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="task">The task.</param>
    public static Task<T> WithTimeout<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <summary>Waits for a task that must end.</summary>
    /// <param name="task">The task.</param>
    public static Task WithTimeout(this Task task) => task.WaitAsync(Limit);
}
