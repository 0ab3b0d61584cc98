using System.Text.RegularExpressions;

namespace FlowKit.Clip.Inference.Devices;

/// <summary>Explains what a GPU provider misses; its own messages name only a file or a number.</summary>
internal static partial class GpuFailure
{
    private const StringComparison AnyCase = StringComparison.OrdinalIgnoreCase;

    private static readonly (string[] Said, string Advice)[] Failures =
    [
        (
            ["driver version is insufficient", "cudaErrorInsufficientDriver"],
            "The NVIDIA driver is too old for this CUDA: update the driver, or use a provider for an older CUDA."),
        (
            ["no CUDA-capable device", "cudaErrorNoDevice"],
            "The driver finds no GPU: check `nvidia-smi`, CUDA_VISIBLE_DEVICES, and that the container was given one."),
        (
            ["invalid device ordinal", "cudaErrorInvalidDevice"],
            "There is no GPU of that number: `nvidia-smi -L` lists them."),
        (
            ["out of memory", "Failed to allocate memory"],
            "The GPU's memory is full: lower batch_size, raise gpu_mem_limit, or take the fp16 variant."),
        (
            ["system has unsupported display driver"],
            "The NVIDIA driver and the CUDA library do not belong together: install the driver's own libcuda."),
    ];

    /// <summary>Says what is missing and what to do; <see langword="null"/> for a message about something else.</summary>
    /// <param name="message">The message of the runtime.</param>
    internal static string? Explain(string message)
    {
        if (MissingLibrary().Match(message) is { Success: true } missing)
        {
            return $"The library {missing.Value} is missing: install {Package(missing)} and put its folder on LD_LIBRARY_PATH.";
        }

        return Array.Find(Failures, failure => Array.Exists(failure.Said, said => message.Contains(said, AnyCase))).Advice;
    }

    private static string Package(Match library) => (library.Groups["name"].Value, library.Groups["major"].Value) switch
    {
        ("cuda", _) => "the NVIDIA driver",
        ("nvonnxparser", _) => "TensorRT",
        ("cudart" or "cublas" or "cublasLt", { Length: > 0 } major) => $"the CUDA toolkit {major}",
        var (name, _) when name.StartsWith("nvinfer", StringComparison.Ordinal) => "TensorRT",
        var (name, _) when name.StartsWith("cudnn", StringComparison.Ordinal) => "cuDNN of the major version that stands in its name",
        _ => "the CUDA toolkit (13 for the ONNX Runtime that FlowKit brings)",
    };

    [GeneratedRegex(
        @"lib(?<name>cuda|cudart|cublas|cublasLt|cufft|curand|cudnn\w*|nvrtc|nvinfer\w*|nvonnxparser)\.so(\.(?<major>\d+))?[.\d]*"
            + "(?=: cannot open shared object file)",
        RegexOptions.ExplicitCapture)]
    private static partial Regex MissingLibrary();
}
