namespace FlowKit.Runtime.Executors;

/// <summary>Lets retries be at most a tenth of the calls, so that a failing executor is not asked even more: a bucket that calls fill and retries empty.</summary>
internal sealed class RetryBudget
{
    private const int Share = 10;
    private const int Most = 10 * Share;

    private int _tokens = Most;

    public void Call()
    {
        if (Volatile.Read(ref _tokens) < Most)
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
