namespace FlowKit.Runtime;

/// <summary>The turn of one write; the default is none.</summary>
internal readonly struct WriteTurn(SemaphoreSlim? turns) : IDisposable
{
    public void Dispose() => turns?.Release();
}
