namespace FlowKit.Imaging.Resampling;

/// <summary>The ways to resize, which give the same bits: a pixel at a time, or by the CPU's vectors.</summary>
internal enum VectorWidth
{
    /// <summary>A pixel at a time, on every CPU.</summary>
    None,

    /// <summary>Vectors of 256 bits: AVX2.</summary>
    Bits256,

    /// <summary>Vectors of 512 bits: AVX-512 with bytes and words.</summary>
    Bits512,
}
