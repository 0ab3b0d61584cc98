namespace FlowKit.Clip;

/// <summary>A share in a model of the <see cref="ClipModelCache"/>.</summary>
public sealed class ClipModelLease : IDisposable
{
    private Action? _release;

    internal ClipModelLease(ClipModel model, Action release) => (Model, _release) = (model, release);

    /// <summary>The model; not to be used after <see cref="Dispose"/>, and never to be disposed itself.</summary>
    public ClipModel Model { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
