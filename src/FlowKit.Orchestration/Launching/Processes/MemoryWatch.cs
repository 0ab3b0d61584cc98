using System.Globalization;

namespace FlowKit.Orchestration.Launching.Processes;

/// <summary>
/// Keeps a process within its memory: .NET's own heap stops at three quarters of it, as in a container, and a process that grows beyond by
/// other means is ended. This needs no rights and no control groups, and says what happened.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    private const double HeapShare = 0.75;

    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(200);

    private readonly Child _child;
    private readonly long _limit;
    private readonly PeriodicTimer _timer;

    private MemoryWatch(Child child, long limit, TimeProvider time)
    {
        (_child, _limit) = (child, limit);
        _timer = new PeriodicTimer(s_every, time);
    }

    /// <summary>The bytes that it used when it was ended; <see langword="null"/> while it is within its limit.</summary>
    public long? Exceeded { get; private set; }

    public static MemoryWatch Start(Child child, long limit, TimeProvider time)
    {
        var watch = new MemoryWatch(child, limit, time);
        _ = watch.RunAsync();
        return watch;
    }

    /// <summary>Tells .NET where its heap ends; it reads the number as hexadecimal.</summary>
    public static void LimitHeap(IDictionary<string, string?> environment, long limit) =>
        environment["DOTNET_GCHeapHardLimit"] = ((long)(limit * HeapShare)).ToString("x", CultureInfo.InvariantCulture);

    public void Dispose() => _timer.Dispose();

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false) && !_child.Exited.IsCompleted)
        {
            if (ResidentBytes(_child.Id) is { } used && used > _limit)
            {
                Exceeded = used;
                _child.Kill();
                return;
            }
        }
    }

    private static long? ResidentBytes(int process)
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? long.Parse(
                    File.ReadAllText($"/proc/{process}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize
                : System.Diagnostics.Process.GetProcessById(process).WorkingSet64;
        }
        catch (Exception exception)
            when (exception is IOException or ArgumentException or InvalidOperationException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
