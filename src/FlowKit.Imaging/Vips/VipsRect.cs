using System.Runtime.InteropServices;

namespace FlowKit.Imaging.Vips;

/// <summary>A rectangle of pixels, as libvips lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct VipsRect(int Left, int Top, int Width, int Height);
