using FlowKit.Clip.Inference.Devices;

namespace FlowKit.Clip.Tests;

/// <summary>What is said where a GPU, its driver or a library is missing; there is none here, so that the messages are those that the runtime gives elsewhere.</summary>
public sealed class DeviceTests
{
    [Theory]
    [InlineData("/onnxruntime_src/... Failed to load library libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file: No such file or directory", "cuDNN", "libcudnn.so.9")]
    [InlineData("libcublasLt.so.12: cannot open shared object file: No such file or directory", "CUDA toolkit", "libcublasLt.so.12")]
    [InlineData("libcudart.so.13: cannot open shared object file: No such file or directory", "CUDA toolkit 13", "LD_LIBRARY_PATH")]
    [InlineData("libcurand.so.10: cannot open shared object file: No such file or directory", "CUDA toolkit (13", "libcurand.so.10")]
    [InlineData("libcuda.so.1: cannot open shared object file", "NVIDIA driver", "libcuda.so.1")]
    [InlineData("libnvinfer.so.10: cannot open shared object file", "TensorRT", "libnvinfer.so.10")]
    [InlineData("CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0", "driver is too old", "update")]
    [InlineData("CUDA failure 100: no CUDA-capable device is detected ; GPU=-1", "finds no GPU", "nvidia-smi")]
    [InlineData("CUDA failure 101: invalid device ordinal ; GPU=7", "no GPU of that number", "nvidia-smi -L")]
    [InlineData("BFCArena::AllocateRawInternal: Available memory of 0 is smaller than requested bytes; CUDA failure 2: out of memory", "memory is full", "batch_size")]
    public void A_failure_is_explained_with_the_next_step(string message, string what, string next)
    {
        var explained = GpuFailure.Explain(message);
        Assert.Contains(what, explained, StringComparison.Ordinal);
        Assert.Contains(next, explained, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_failures_are_left_to_others() => Assert.Null(GpuFailure.Explain("protobuf parsing failed"));

    [Theory]
    [InlineData("cuda:1")]
    [InlineData("tensorrt:0")]
    public void A_device_that_is_not_there_names_itself_and_what_there_is(string device)
    {
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open("tiny-clip", new ClipModelOptions { Device = device }));
        Assert.Equal(FlowErrorCode.FailedPrecondition, error.Error.Code);
        Assert.Contains($"'{device}'", error.Message, StringComparison.Ordinal);
        using var model = ClipModel.Open("tiny-clip", new ClipModelOptions { Device = device, FallbackToCpu = true });
        Assert.Equal("cpu", model.Device);
    }

    [Fact]
    public void A_plug_in_that_is_not_there_is_an_error_that_names_it()
    {
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open("tiny-clip", new ClipModelOptions { Device = "cuda", ProviderLibrary = "/nowhere/libprovider.so" }));
        Assert.Contains("/nowhere/libprovider.so is not there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_no_plug_in_is_an_error_that_names_it()
    {
        var library = Path.Combine(Path.GetTempPath(), $"flowkit-{Guid.NewGuid():N}.so");
        File.WriteAllText(library, "not a library");
        var error = Assert.Throws<FlowKitException>(() => ClipModel.Open("tiny-clip", new ClipModelOptions { Device = "cuda", ProviderLibrary = library }));
        Assert.Contains(library, error.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be loaded", error.Message, StringComparison.Ordinal);
        File.Delete(library);
    }

    [Fact]
    public void Memory_is_limited_and_grows_by_what_is_asked_for()
    {
        var options = GpuOptions.OfCuda(DeviceName.Parse("cuda:3"), new ClipModelOptions { GpuMemoryLimit = 2_000_000_000 });
        Assert.Equal(("3", "2000000000", "kSameAsRequested", "HEURISTIC"), (options["device_id"], options["gpu_mem_limit"], options["arena_extend_strategy"], options["cudnn_conv_algo_search"]));
        var tensorRt = GpuOptions.OfTensorRt(DeviceName.Parse("tensorrt"), new ClipModelOptions { Variant = "fp16", OptimizedCache = "/cache" });
        Assert.Equal(("0", "1", "/cache"), (tensorRt["device_id"], tensorRt["trt_fp16_enable"], tensorRt["trt_engine_cache_path"]));
    }
}
