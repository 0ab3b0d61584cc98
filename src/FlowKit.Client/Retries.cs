namespace FlowKit.Client;

/// <summary>Tries again what may go better later.</summary>
/// <param name="options">How often, and how long to wait in between.</param>
/// <param name="time">Time.</param>
internal sealed class Retries(PostOptions options, TimeProvider time)
{
    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (FlowKitException exception) when (number < options.MaxAttempts && IsPassing(exception.Error))
            {
                var wait = Backoff(number, options, Random.Shared.NextDouble());
                await Task.Delay(exception.Error.RetryAfter is { } asked && asked > wait ? asked : wait, time, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Jina's wait: the initial one after the first attempt, then any up to initial · multiplier^(n-1), at most the longest.
    /// </summary>
    /// <param name="attempt">Which attempt has failed, from 1.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="chance">From 0 to 1.</param>
    internal static TimeSpan Backoff(int attempt, PostOptions options, double chance) => attempt == 1
        ? options.InitialBackoff
        : TimeSpan.FromSeconds(
            chance * Math.Min(
                options.InitialBackoff.TotalSeconds * Math.Pow(options.BackoffMultiplier, attempt - 1), options.MaxBackoff.TotalSeconds));

    /// <summary>
    /// Tells whether another attempt may help. The failure of an executor is final: others may have worked on the request already.
    /// </summary>
    private static bool IsPassing(FlowError error) =>
        error.Code is FlowErrorCode.Unavailable or FlowErrorCode.DeadlineExceeded or FlowErrorCode.ResourceExhausted;
}
