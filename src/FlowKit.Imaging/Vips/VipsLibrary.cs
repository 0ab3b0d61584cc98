using System.Reflection;
using System.Runtime.InteropServices;

namespace FlowKit.Imaging.Vips;

/// <summary>Finds libvips, starts it once per process and takes from it everything FlowKit does not use.</summary>
internal static class VipsLibrary
{
    private static readonly string[] Loaders =
    [
        "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadTiff",
    ];

    /// <summary>The library's file on Linux, macOS and Windows, in the packages as on a system.</summary>
    private static readonly string[] Files = ["libvips.so.42", "libvips.42.dylib", "libvips-42.dll"];

    private static readonly Lazy<bool> Started = new(Start);

    /// <summary>Starts libvips on the first call.</summary>
    /// <exception cref="FlowKitException">libvips is not there.</exception>
    internal static void EnsureStarted() => _ = Started.Value;

    private static unsafe bool Start()
    {
        NativeLibrary.SetDllImportResolver(typeof(VipsLibrary).Assembly, Resolve);
        if (VipsNative.Init("flowkit") != 0)
        {
            throw new FlowKitException(FlowErrorCode.FailedPrecondition, "libvips was found but does not start.");
        }

        VipsNative.SetLogHandler("VIPS", -1, &Ignore, 0);

        // Parallelism is the flow's: many pictures at once, each on one thread.
        VipsNative.SetConcurrency(1);

        // The operation cache would keep pointers to buffers that are pinned only during a call.
        VipsNative.SetCacheMax(0);
        VipsNative.BlockUntrusted(1);
        VipsNative.BlockOperation("VipsForeignLoad", 1);
        foreach (var loader in Loaders)
        {
            VipsNative.BlockOperation(loader, 0);
        }

        return true;
    }

    [UnmanagedCallersOnly]
    private static unsafe void Ignore(byte* domain, int level, byte* message, nint state)
    {
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != VipsNative.Library)
        {
            return 0;
        }

        // The package's library comes first: asked for together with the assembly, a name is looked up among the program's native assets.
        foreach (var file in Files)
        {
            if (NativeLibrary.TryLoad(file, assembly, null, out var handle))
            {
                return handle;
            }
        }

        throw new FlowKitException(
            FlowErrorCode.FailedPrecondition,
            $"libvips was not found for {RuntimeInformation.RuntimeIdentifier}: build FlowKit again, which brings it for Linux, macOS and"
            + " Windows, or install libvips 8.13 or later (Debian: libvips42).");
    }
}
