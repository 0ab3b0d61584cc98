using FlowKit.Runtime.Executors;

namespace FlowKit.Serving.Remote;

/// <summary>
/// Asks a second replica for a read that takes long, and takes whichever answer comes first; the other call is given up. At most a tenth of
/// the reads are asked twice.
/// </summary>
/// <param name="after">How long the first may take.</param>
/// <param name="time">Time.</param>
internal sealed class Hedge(TimeSpan after, TimeProvider time)
{
    private readonly RetryBudget _budget = new();

    /// <summary>Makes a call, and perhaps another.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="call">Makes it.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="FlowKitException">Neither answered.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        _budget.Call();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = call(giveUp.Token);
        await Task.WhenAny(first, Task.Delay(after, time, giveUp.Token));
        if (first.IsCompleted || !_budget.TryRetry())
        {
            return await first;
        }

        var second = call(giveUp.Token);
        var sooner = await Task.WhenAny(first, second);
        var later = sooner == first ? second : first;
        if (!sooner.IsCompletedSuccessfully)
        {
            (sooner, later) = (later, sooner);
        }

        try
        {
            return await sooner;
        }
        finally
        {
            await giveUp.CancelAsync();
            _ = later.ContinueWith(
                static lost => _ = lost.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }
}
