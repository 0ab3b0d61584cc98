using System.Runtime.InteropServices;
using FlowKit.Clip.Inference;

namespace FlowKit.Clip.Tests;

public sealed class RuntimeTelemetryTests
{
    [Fact]
    public void The_native_environment_says_that_no_usage_data_is_sent()
    {
        using var model = ClipModel.Open("tiny-clip");
        Assert.Equal("1", Environment.GetEnvironmentVariable(RuntimeTelemetry.Variable));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal("1", Marshal.PtrToStringUTF8(Read(RuntimeTelemetry.Variable)));
        }
    }

    [DllImport("libc", EntryPoint = "getenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Read([MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
