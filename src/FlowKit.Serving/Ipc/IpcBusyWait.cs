using System.Diagnostics;

namespace FlowKit.Serving.Ipc;

/// <summary>
/// Waits on the thread that asks while the answers of a worker come so soon that being woken through the thread pool would take longer
/// than the call. Only some threads of the process do so at once, and only while the last call was short.
/// </summary>
internal sealed class IpcBusyWait
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(1);
    private static readonly int s_most = Math.Max(1, Environment.ProcessorCount / 2);
    private static int s_waiting;

    private volatile bool _isShort;

    /// <summary>Waits on this thread, for 1 ms at most, when that is likely to be enough.</summary>
    public void WaitFor(IpcClientSocket socket)
    {
        if (!_isShort)
        {
            return;
        }

        try
        {
            if (Interlocked.Increment(ref s_waiting) <= s_most)
            {
                socket.WaitHere();
            }
        }
        finally
        {
            Interlocked.Decrement(ref s_waiting);
        }
    }

    /// <summary>Remembers how long a call took.</summary>
    /// <param name="began">When it was sent.</param>
    public void Note(long began) => _isShort = Stopwatch.GetElapsedTime(began) < s_short;
}
