namespace FlowKit.Imaging;

/// <summary>Takes a picture's pixels as they are decoded, some rows at a time.</summary>
public interface IPixelReceiver
{
    /// <summary>Is told the size of the picture, before its pixels come.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    void Begin(int width, int height);

    /// <summary>Takes rows, which follow those before.</summary>
    /// <param name="row">The number of the first of them.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="pixels">
    /// Red, green and blue of each pixel, and behind the last row some bytes of anything; valid until this returns.
    /// </param>
    void Add(int row, int count, ReadOnlySpan<byte> pixels);
}
