namespace FlowKit.Runtime.Executors;

/// <summary>
/// Lets retries be at most a tenth of the calls, so that a failing executor is not asked even more: a bucket that calls fill and retries
/// empty.
/// </summary>
internal sealed class RetryBudget
{
    private const int Share = 10;
    private const int MaxTokens = 10 * Share;

    private int _tokens = MaxTokens;

    public void Call()
    {
        if (Volatile.Read(ref _tokens) < MaxTokens)
        {
            Interlocked.Increment(ref _tokens);
        }
    }

    public bool TryRetry()
    {
        if (Interlocked.Add(ref _tokens, -Share) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _tokens, Share);
        return false;
    }
}
