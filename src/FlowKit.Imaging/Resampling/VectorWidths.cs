using System.Runtime.Intrinsics.X86;

namespace FlowKit.Imaging.Resampling;

/// <summary>Asks the CPU for its vectors.</summary>
internal static class VectorWidths
{
    /// <summary>The widest vectors of this CPU.</summary>
    internal static VectorWidth Widest
    {
        get
        {
            if (Avx512BW.IsSupported)
            {
                return VectorWidth.Bits512;
            }

            return Avx2.IsSupported ? VectorWidth.Bits256 : VectorWidth.None;
        }
    }
}
