using System.Diagnostics;

namespace FlowKit.Fuzz;

/// <summary>Judges one reading of an input: by its exceptions, what it allocates and how long it computes.</summary>
/// <param name="target">The reader.</param>
internal sealed class Oracle(IFuzzTarget target)
{
    /// <summary>Computing time, not waiting time: no input of 16 KiB needs a tenth of it, and a machine under load does not change it.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <summary>Reads an input.</summary>
    /// <returns>The finding, or <see langword="null"/> when all is well.</returns>
    public Finding? Judge(byte[] input)
    {
        var clock = Stopwatch.StartNew();
        var before = Allocated();
        try
        {
            target.Run(input);
        }
        catch (Exception exception)
        {
            return new Finding(KindOf(exception), exception.ToString());
        }

        var allocated = Allocated() - before;
        var allowed = target.AllocationBase + (target.AllocationPerByte * input.Length);
        if (allocated > allowed && AllocatesAgain(input, allowed) is { } again)
        {
            return new Finding("allocation", $"{input.Length} bytes of input allocate {again} bytes, more than the {allowed} that are allowed.");
        }

        return clock.Elapsed > s_limit && ComputesAgain(input) is { } time
            ? new Finding("time", $"{input.Length} bytes of input take {time.TotalSeconds:0.0} s of computing.")
            : null;
    }

    /// <summary>What only the first reading allocates (tables, compiled code) is not the input's.</summary>
    private long? AllocatesAgain(byte[] input, long allowed)
    {
        var before = Allocated();
        target.Run(input);
        var allocated = Allocated() - before;
        return allocated > allowed ? allocated : null;
    }

    private TimeSpan? ComputesAgain(byte[] input)
    {
        var before = Environment.CpuUsage.TotalTime;
        target.Run(input);
        var time = Environment.CpuUsage.TotalTime - before;
        return time > s_limit ? time : null;
    }

    private long Allocated() => target.HasThreads ? GC.GetTotalAllocatedBytes(precise: false) : GC.GetAllocatedBytesForCurrentThread();

    /// <summary>Frames of compiled lambdas have no type that could be asked, so the text is.</summary>
    private static string KindOf(Exception exception)
    {
        var what = exception is FuzzFailure ? exception.Message.Split(':')[0] : exception.GetType().Name;
        var place = exception.ToString().Split('\n').Select(static line => line.Trim()).FirstOrDefault(
            static line => line.StartsWith("at FlowKit.", StringComparison.Ordinal) && !line.StartsWith("at FlowKit.Fuzz", StringComparison.Ordinal));
        return place is null ? what : $"{what} {place.Split('(')[0]}";
    }
}
