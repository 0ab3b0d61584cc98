namespace FlowKit.Imaging.Decoding;

/// <summary>Memory for one strip, which a receiver takes before the next one comes.</summary>
internal sealed class StripTarget : PixelTarget, IDisposable
{
    /// <summary>Bytes behind the strip beside a row, so that whoever reads whole vectors need not copy the last rows.</summary>
    private const int Slack = 64;

    private readonly IPixelReceiver _receiver;
    private byte[]? _pixels;

    public StripTarget(int width, int height, IPixelReceiver receiver)
        : base(width, height)
    {
        _receiver = receiver;
        Rows = Math.Min(StripRows, height);
        receiver.Begin(width, height);
        _pixels = PixelArrays.Rent(((Rows + 1) * width * 3) + Slack);
    }

    public override int Rows { get; }

    public override Span<byte> Pixels => _pixels;

    public override int PlaceOf(int row) => 0;

    public override void Finish(int row, int count) => _receiver.Add(row, count, _pixels);

    public void Dispose()
    {
        if (_pixels is { } pixels)
        {
            _pixels = null;
            PixelArrays.Return(pixels);
        }
    }
}
