namespace FlowKit.Imaging.Tests;

/// <summary>A share of memory with a limit of its own.</summary>
internal sealed class CountedShare(long limit) : IMemoryShare
{
    private long _held;
    private long _most;

    public long Held => Volatile.Read(ref _held);

    public long Most => Volatile.Read(ref _most);

    /// <summary>Whether a refused one may come again.</summary>
    public bool MayComeAgain { get; init; }

    public FlowError? TryTake(long bytes, string purpose)
    {
        var held = Interlocked.Add(ref _held, bytes);
        if (held > limit)
        {
            Interlocked.Add(ref _held, -bytes);
            return new FlowError(FlowErrorCode.ResourceExhausted, $"{purpose} needs {bytes} bytes.") { RetryAfter = MayComeAgain ? TimeSpan.FromSeconds(1) : null };
        }

        _most = Math.Max(_most, held);
        return null;
    }

    public void Return(long bytes) => Interlocked.Add(ref _held, -bytes);
}
