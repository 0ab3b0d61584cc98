using System.Text.RegularExpressions;

namespace FlowKit.Clip;

/// <summary>Says in a person's words what a GPU provider misses; its own messages name only a file or a number.</summary>
internal static partial class GpuFailure
{
    /// <summary>What is missing and what to do; <see langword="null"/> for a message about something else.</summary>
    /// <param name="message">What the runtime said.</param>
    internal static string? Explain(string message) =>
        MissingLibrary().Match(message) is { Success: true } missing ? $"The library {missing.Groups[1].Value} is missing: install {Package(missing.Groups[1].Value)} and put its folder on LD_LIBRARY_PATH."
        : message.Contains("driver version is insufficient", StringComparison.OrdinalIgnoreCase) || message.Contains("cudaErrorInsufficientDriver", StringComparison.Ordinal) ? "The NVIDIA driver is too old for this CUDA: update the driver, or use a provider for an older CUDA."
        : message.Contains("no CUDA-capable device", StringComparison.OrdinalIgnoreCase) || message.Contains("cudaErrorNoDevice", StringComparison.Ordinal) ? "The driver finds no GPU: check `nvidia-smi`, CUDA_VISIBLE_DEVICES, and that the container was given one."
        : message.Contains("invalid device ordinal", StringComparison.OrdinalIgnoreCase) || message.Contains("cudaErrorInvalidDevice", StringComparison.Ordinal) ? "There is no GPU of that number: `nvidia-smi -L` lists them."
        : message.Contains("out of memory", StringComparison.OrdinalIgnoreCase) || message.Contains("Failed to allocate memory", StringComparison.OrdinalIgnoreCase) ? "The GPU's memory is full: lower batch_size, raise gpu_mem_limit, or take the fp16 variant."
        : message.Contains("system has unsupported display driver", StringComparison.OrdinalIgnoreCase) ? "The NVIDIA driver and the CUDA library do not belong together: install the driver's own libcuda."
        : null;

    private static string Package(string library) =>
        library.Contains("cudnn", StringComparison.Ordinal) ? "cuDNN of the major version that stands in its name"
        : library.Contains("nvinfer", StringComparison.Ordinal) || library.Contains("nvonnxparser", StringComparison.Ordinal) ? "TensorRT"
        : library.StartsWith("libcuda.so", StringComparison.Ordinal) ? "the NVIDIA driver"
        : "the CUDA toolkit of the major version that stands in its name";

    [GeneratedRegex(@"(lib(?:cuda|cudart|cublas|cublasLt|cufft|curand|cudnn\w*|nvrtc|nvinfer\w*|nvonnxparser)\.so[.\d]*): cannot open shared object file")]
    private static partial Regex MissingLibrary();
}
