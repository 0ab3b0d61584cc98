using System.Globalization;

namespace FlowKit.Clip.Inference.Devices;

/// <summary>The options of the GPU providers.</summary>
internal static class GpuOptions
{
    /// <summary>
    /// CUDA: memory grows by what is asked for, so that several executors fit one device; convolutions are not tried out anew for each
    /// batch size.
    /// </summary>
    internal static Dictionary<string, string> OfCuda(DeviceName device, ClipModelOptions options)
    {
        var values = new Dictionary<string, string>
        {
            ["device_id"] = device.Number.ToString(CultureInfo.InvariantCulture),
            ["arena_extend_strategy"] = "kSameAsRequested",
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            ["do_copy_in_default_stream"] = "1",
        };
        if (options.GpuMemoryLimit > 0)
        {
            values["gpu_mem_limit"] = options.GpuMemoryLimit.ToString(CultureInfo.InvariantCulture);
        }

        return values;
    }

    /// <summary>TensorRT: engines take minutes to build, so that they are kept where there is a cache.</summary>
    internal static Dictionary<string, string> OfTensorRt(DeviceName device, ClipModelOptions options)
    {
        var values = new Dictionary<string, string>
        {
            ["device_id"] = device.Number.ToString(CultureInfo.InvariantCulture),
            ["trt_fp16_enable"] = options.Variant == "fp16" ? "1" : "0",
        };
        if (options.GpuMemoryLimit > 0)
        {
            values["trt_max_workspace_size"] = options.GpuMemoryLimit.ToString(CultureInfo.InvariantCulture);
        }

        if (options.OptimizedCache is { Length: > 0 } folder)
        {
            (values["trt_engine_cache_enable"], values["trt_engine_cache_path"], values["trt_timing_cache_enable"]) = ("1", folder, "1");
        }

        return values;
    }
}
