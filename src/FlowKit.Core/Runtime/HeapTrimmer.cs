namespace FlowKit.Runtime;

/// <summary>
/// Has large garbage collected soon after a request that held much has ended. A flow that is idle then allocates nothing, so the collector
/// would not look for it, and the process would keep what one caller made it take.
/// </summary>
internal sealed class HeapTrimmer(TimeProvider time)
{
    private const long MuchGarbage = 64L << 20;

    /// <summary>The pause in which the request's last references go, and others with it; and in which a collection ends.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private int _isWaiting;

    /// <summary>Notes that a request has ended.</summary>
    /// <param name="bytes">The bytes that it held.</param>
    public void NoteGarbage(long bytes)
    {
        if (bytes >= MuchGarbage && Interlocked.Exchange(ref _isWaiting, 1) == 0)
        {
            _ = TrimAsync();
        }
    }

    private async Task TrimAsync()
    {
        await Task.Delay(s_pause, time).ConfigureAwait(false);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        await Task.Delay(s_pause, time).ConfigureAwait(false);
        Volatile.Write(ref _isWaiting, 0);

        // What is collected beside the threads' work stays the process's own. Giving it back stops them for as long as what is alive is
        // large, so that is done only where more is dead.
        var heap = GC.GetGCMemoryInfo(GCKind.Any);
        if (heap.TotalCommittedBytes - heap.HeapSizeBytes > Math.Max(MuchGarbage, heap.HeapSizeBytes))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
