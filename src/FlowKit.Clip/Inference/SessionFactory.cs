using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip;

/// <summary>Opens ONNX files as sessions, on the device that is asked for.</summary>
internal static class SessionFactory
{
    /// <summary>Opens a graph.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">Device and threads.</param>
    /// <returns>The session and the device it runs on.</returns>
    /// <exception cref="FlowKitException">A file that is not a working graph, or a device that is not there.</exception>
    internal static (InferenceSession Session, string Device) Open(string path, ClipModelOptions options)
    {
        using var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            IntraOpNumThreads = options.InferenceThreads,
        };

        // Spinning threads starve the neighbours: decoders, other towers, other executors.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        var device = UseDevice(settings, options);
        try
        {
            return (new InferenceSession(path, settings), device);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new FlowKitException(FlowErrorCode.DataLoss, $"The model file {path} is not an ONNX graph that can be run: {exception.Message}", exception);
        }
    }

    private static string UseDevice(SessionOptions settings, ClipModelOptions options)
    {
        if (options.Device == "cpu")
        {
            return "cpu";
        }

        var number = CudaNumber(options.Device);
        try
        {
            settings.AppendExecutionProvider_CUDA(number);
            return $"cuda:{number}";
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            if (options.FallbackToCpu)
            {
                return "cpu";
            }

            throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"The device '{options.Device}' is not available: this ONNX Runtime offers {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}. Use device 'cpu', or allow falling back to it. ({exception.Message})", exception);
        }
    }

    private static int CudaNumber(string device)
    {
        if (device == "cuda")
        {
            return 0;
        }

        return device.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FlowKitException(FlowErrorCode.InvalidArgument, $"The device is '{device}'; expected cpu, cuda or cuda:N.");
    }
}
