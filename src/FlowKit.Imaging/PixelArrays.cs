using System.Buffers;

namespace FlowKit.Imaging;

/// <summary>
/// Arrays for pixels, from the pool unless they are very large: those would stay in it for the next, which may never come.
/// </summary>
internal static class PixelArrays
{
    private const int MaxPooled = 32 << 20;

    /// <summary>Returns an array of at least a length.</summary>
    public static byte[] Rent(int length) =>
        length <= MaxPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    /// <summary>Takes an array back.</summary>
    public static void Return(byte[] array)
    {
        if (array.Length <= MaxPooled)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
