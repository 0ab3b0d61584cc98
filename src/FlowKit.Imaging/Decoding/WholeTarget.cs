namespace FlowKit.Imaging.Decoding;

/// <summary>An image that receives all its pixels.</summary>
internal sealed class WholeTarget(RgbImage image) : PixelTarget(image.Width, image.Height)
{
    public override int Rows => Height;

    public override Span<byte> Pixels => image.Pixels.Span;

    public override int PlaceOf(int row) => row;

    public override void Finish(int row, int count)
    {
    }
}
