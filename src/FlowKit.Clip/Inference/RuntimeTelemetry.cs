using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowKit.Clip.Inference;

/// <summary>
/// Keeps ONNX Runtime from sending usage data, which since 1.29 it does by itself. It reads the variable once, when it is loaded, from the
/// process's own environment, of which .NET changes only a copy on Unix.
/// </summary>
internal static class RuntimeTelemetry
{
    /// <summary>The variable that ONNX Runtime reads.</summary>
    internal const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Turns it off, before anything of this assembly can load the library.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Any class may be the first to load the library.")]
    internal static void TurnOff()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows())
        {
            _ = SetVariable("ORT_DISABLE_TELEMETRY\0"u8.ToArray(), "1\0"u8.ToArray(), 1);
        }
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetVariable(byte[] name, byte[] value, int overwrite);
}
