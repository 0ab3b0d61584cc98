using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip.Inference.Devices;

/// <summary>An execution provider that ONNX Runtime loads from a library of its own.</summary>
internal static class PluginProvider
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, string> Registered = new(StringComparer.Ordinal);

    /// <summary>Registers the library, once per process, and gives the session its device.</summary>
    /// <exception cref="FlowKitException">No such library, one that is no provider, or none of its devices has that number.</exception>
    internal static void Append(SessionOptions settings, string library, DeviceName device, Dictionary<string, string> options)
    {
        var name = Register(Path.GetFullPath(library));
        var devices = OrtEnv.Instance()
            .GetEpDevices()
            .Where(found => found.EpName == name || found.EpName.Contains("cuda", StringComparison.OrdinalIgnoreCase))
            .Where(static found => found.HardwareDevice.Type == OrtHardwareDeviceType.GPU)
            .ToList();
        if (device.Number >= devices.Count)
        {
            throw new FlowKitException(
                FlowErrorCode.FailedPrecondition,
                $"The plug-in provider {library} finds {devices.Count} GPUs, and '{device}' is not one of them;"
                + " check `nvidia-smi` and CUDA_VISIBLE_DEVICES.");
        }

        // The device is chosen here; the plug-in numbers what it is given from 0.
        options.Remove("device_id");
        settings.AppendExecutionProvider(OrtEnv.Instance(), [devices[device.Number]], options);
    }

    private static string Register(string library)
    {
        lock (Gate)
        {
            if (Registered.TryGetValue(library, out var name))
            {
                return name;
            }

            if (!File.Exists(library))
            {
                throw new FlowKitException(FlowErrorCode.FailedPrecondition, $"The plug-in provider {library} is not there.");
            }

            name = $"flowkit_gpu_{Registered.Count}";
            try
            {
                OrtEnv.Instance().RegisterExecutionProviderLibrary(name, library);
            }
            catch (OnnxRuntimeException exception)
            {
                throw new FlowKitException(
                    FlowErrorCode.FailedPrecondition,
                    $"The plug-in provider {library} cannot be loaded."
                    + $" {GpuFailure.Explain(exception.Message) ?? "It is not an execution provider for this ONNX Runtime."}"
                    + $" ({exception.Message})",
                    exception);
            }

            return Registered[library] = name;
        }
    }
}
