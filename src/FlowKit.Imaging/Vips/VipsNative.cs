using System.Runtime.InteropServices;

namespace FlowKit.Imaging.Vips;

/// <summary>The few functions of libvips and GObject that loading, reading and saving need; none of them is variadic.</summary>
internal static unsafe partial class VipsNative
{
    internal const string Library = "vips";

    [LibraryImport(Library, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Init(string programName);

    [LibraryImport(Library, EntryPoint = "vips_concurrency_set")]
    internal static partial void SetConcurrency(int threads);

    [LibraryImport(Library, EntryPoint = "vips_cache_set_max")]
    internal static partial void SetCacheMax(int operations);

    [LibraryImport(Library, EntryPoint = "vips_block_untrusted_set")]
    internal static partial void BlockUntrusted(int state);

    [LibraryImport(Library, EntryPoint = "vips_operation_block_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void BlockOperation(string className, int state);

    [LibraryImport(Library, EntryPoint = "vips_error_clear")]
    internal static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint NewOperation(string nickname);

    [LibraryImport(Library, EntryPoint = "vips_object_set_from_string", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetOptions(nint operation, string options);

    [LibraryImport(Library, EntryPoint = "vips_cache_operation_buildp")]
    internal static partial int Build(ref nint operation);

    [LibraryImport(Library, EntryPoint = "vips_object_unref_outputs")]
    internal static partial void UnrefOutputs(nint operation);

    [LibraryImport(Library, EntryPoint = "vips_image_get_type")]
    internal static partial nuint ImageType();

    [LibraryImport(Library, EntryPoint = "vips_blob_get_type")]
    internal static partial nuint BlobType();

    [LibraryImport(Library, EntryPoint = "vips_value_set_blob")]
    internal static partial void SetBlob(ref GValue value, nint free, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "vips_value_get_blob")]
    internal static partial byte* GetBlob(in GValue value, out nuint length);

    [LibraryImport(Library, EntryPoint = "vips_image_new_from_memory")]
    internal static partial nint NewImageFromMemory(byte* data, nuint size, int width, int height, int bands, int format);

    [LibraryImport(Library, EntryPoint = "vips_image_get_width")]
    internal static partial int Width(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_height")]
    internal static partial int Height(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_bands")]
    internal static partial int Bands(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_format")]
    internal static partial int Format(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_interpretation")]
    internal static partial int Interpretation(nint image);

    [LibraryImport(Library, EntryPoint = "vips_image_get_orientation")]
    internal static partial int Orientation(nint image);

    [LibraryImport(Library, EntryPoint = "vips_region_new")]
    internal static partial nint NewRegion(nint image);

    [LibraryImport(Library, EntryPoint = "vips_region_fetch")]
    internal static partial byte* FetchRegion(nint region, int left, int top, int width, int height, out nuint size);

    [LibraryImport(Library, EntryPoint = "vips_region_image")]
    internal static partial int AttachRegion(nint region, in VipsRect area);

    [LibraryImport(Library, EntryPoint = "vips_region_prepare_to")]
    internal static partial int PrepareRegion(nint region, nint target, in VipsRect area, int left, int top);

    [LibraryImport(Library, EntryPoint = "g_value_init")]
    internal static partial nint InitValue(ref GValue value, nuint type);

    [LibraryImport(Library, EntryPoint = "g_value_unset")]
    internal static partial void UnsetValue(ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_value_set_object")]
    internal static partial void SetObject(ref GValue value, nint instance);

    [LibraryImport(Library, EntryPoint = "g_value_get_object")]
    internal static partial nint GetObject(in GValue value);

    [LibraryImport(Library, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetProperty(nint instance, string name, in GValue value);

    [LibraryImport(Library, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void GetProperty(nint instance, string name, ref GValue value);

    [LibraryImport(Library, EntryPoint = "g_object_unref")]
    internal static partial void Unref(nint instance);

    [LibraryImport(Library, EntryPoint = "g_free")]
    internal static partial void Free(void* memory);

    [LibraryImport(Library, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial uint SetLogHandler(
        string domain,
        int levels,
        delegate* unmanaged<byte*,
        int,
        byte*,
        nint,
        void> handler,
        nint state);
}
