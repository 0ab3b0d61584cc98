using System.Runtime.InteropServices;

namespace FlowKit.Imaging.Vips;

/// <summary>GLib's tagged value: a type and 16 bytes; all zero before it is initialised.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    private nuint _type;
    private ulong _first;
    private ulong _second;
}
