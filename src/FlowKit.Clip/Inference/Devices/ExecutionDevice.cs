using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip.Inference.Devices;

/// <summary>Puts a session on its device: through the provider built into ONNX Runtime, or through a plug-in.</summary>
internal static class ExecutionDevice
{
    private const string PluginVariable = "FLOWKIT_CUDA_PLUGIN";

    /// <summary>Adds the providers that a device needs.</summary>
    /// <returns>The device the session will run on.</returns>
    /// <exception cref="FlowKitException">No such device, or a driver or library is missing: says which and what to do.</exception>
    internal static string Use(SessionOptions settings, ClipModelOptions options)
    {
        var device = DeviceName.Parse(options.Device);
        if (device.Kind == "cpu")
        {
            return "cpu";
        }

        try
        {
            Append(settings, device, options);
            return device.ToString();
        }
        catch (Exception exception) when (exception
            is OnnxRuntimeException
            or EntryPointNotFoundException
            or DllNotFoundException
            or FlowKitException { Error.Code: FlowErrorCode.FailedPrecondition })
        {
            return options.FallbackToCpu ? "cpu" : throw NotThere(exception, options.Device);
        }
    }

    /// <summary>The error for a session that failed because of its device, if that is what the runtime says.</summary>
    internal static FlowKitException? Explain(OnnxRuntimeException exception, ClipModelOptions options) =>
        options.Device != "cpu" && GpuFailure.Explain(exception.Message) is not null ? NotThere(exception, options.Device) : null;

    private static void Append(SessionOptions settings, DeviceName device, ClipModelOptions options)
    {
        if ((options.ProviderLibrary ?? Environment.GetEnvironmentVariable(PluginVariable)) is { Length: > 0 } library)
        {
            PluginProvider.Append(settings, library, device, GpuOptions.OfCuda(device, options));
            return;
        }

        if (device.Kind == "tensorrt")
        {
            using var tensorRt = new OrtTensorRTProviderOptions();
            tensorRt.UpdateOptions(GpuOptions.OfTensorRt(device, options));
            settings.AppendExecutionProvider_Tensorrt(tensorRt);
        }

        // What TensorRT does not take runs on CUDA.
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(GpuOptions.OfCuda(device, options));
        settings.AppendExecutionProvider_CUDA(cuda);
    }

    private static FlowKitException NotThere(Exception exception, string device) => exception as FlowKitException ?? new FlowKitException(
        FlowErrorCode.FailedPrecondition,
        $"The device '{device}' is not available. {GpuFailure.Explain(exception.Message) ?? NoProvider()}"
            + $" Or use device 'cpu', or allow falling back to it. ({exception.Message})",
        exception);

    private static string NoProvider() =>
        $"This ONNX Runtime offers {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}."
        + " Set FLOWKIT_DEVICE=cuda and build FlowKit again (an application of your own references Microsoft.ML.OnnxRuntime.Gpu instead of"
        + " Microsoft.ML.OnnxRuntime; it needs CUDA 13 and cuDNN 9),"
        + $" or name a plug-in provider in {PluginVariable}.";
}
