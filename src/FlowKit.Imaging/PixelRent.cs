namespace FlowKit.Imaging;

/// <summary>Memory that was taken for decoding; disposing it gives it back.</summary>
/// <param name="budget">Whose it is; <see langword="null"/> for none.</param>
/// <param name="bytes">How much.</param>
internal readonly struct PixelRent(PixelBudget? budget, long bytes) : IDisposable
{
    public void Dispose() => budget?.Return(bytes);
}
