namespace FlowKit.Benchmarks.Runtime;

/// <summary>What one turn of a contender did.</summary>
/// <param name="Items">How many requests were answered.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Processor">How much time of the cores the process used: neighbours disturb it less than <paramref name="Elapsed"/>.</param>
/// <param name="Allocated">Managed bytes.</param>
internal readonly record struct Turn(long Items, TimeSpan Elapsed, TimeSpan Processor, long Allocated)
{
    public double Nanoseconds => Elapsed.TotalNanoseconds / Items;

    public double ProcessorNanoseconds => Processor.TotalNanoseconds / Items;

    public double Bytes => (double)Allocated / Items;

    /// <summary>Measures what a load does.</summary>
    /// <param name="load">The load; gives how many requests were answered.</param>
    public static async Task<Turn> OfAsync(Func<Task<long>> load)
    {
        GC.Collect();
        var (processor, allocated, start) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true), TimeProvider.System.GetTimestamp());
        var items = await load();
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        return new Turn(items, elapsed, Environment.CpuUsage.TotalTime - processor, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }
}
