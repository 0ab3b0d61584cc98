using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip.Inference;

/// <summary>
/// Starts ONNX Runtime on another thread while a model's card is read: the library is large, and loading it takes as long.
/// </summary>
internal static class RuntimeStart
{
    private static int s_begun;

    /// <summary>Begins, once in a process; a caller that needs the runtime waits for it as always.</summary>
    internal static void Begin()
    {
        if (Interlocked.Exchange(ref s_begun, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static _ => Start(), null);
        }
    }

    private static void Start()
    {
        try
        {
            var environment = OrtEnv.Instance();
            if (OperatingSystem.IsWindows())
            {
                // There it writes to the system's event trace instead, whatever the variable says.
                environment.DisableTelemetryEvents();
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The first session that is opened reports the failure.
        }
    }
}
