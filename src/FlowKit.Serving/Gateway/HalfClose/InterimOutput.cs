using System.IO.Pipelines;

namespace FlowKit.Serving.Gateway.HalfClose;

/// <summary>Writes responses, and between two of them what is no response yet, whole.</summary>
/// <param name="inner">Where to.</param>
internal sealed class InterimOutput(PipeWriter inner) : PipeWriter
{
    private readonly Lock _lock = new();
    private Task? _interim;
    private bool _isWriting;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => inner.UnflushedBytes;

    /// <summary>Writes bytes and sends them.</summary>
    /// <param name="bytes">What is written.</param>
    /// <param name="mayWrite">Asked while no response can begin.</param>
    /// <returns>Whether the connection is there. Nothing is written where a response has begun.</returns>
    public async ValueTask<bool> TryWriteAsync(ReadOnlyMemory<byte> bytes, Func<bool> mayWrite)
    {
        Task<FlushResult> flushing;
        lock (_lock)
        {
            if (_isWriting || !mayWrite())
            {
                return true;
            }

            flushing = inner.WriteAsync(bytes).AsTask();
            _interim = flushing;
        }

        return await flushing is { IsCompleted: false };
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Begin();
        return inner.GetMemory(sizeHint);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Begin();
        return inner.GetSpan(sizeHint);
    }

    /// <inheritdoc/>
    public override void Advance(int bytes) => inner.Advance(bytes);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_interim is { IsCompleted: false } interim)
            {
                return FlushAfterAsync(interim, cancellationToken);
            }

            _isWriting = false;
            return inner.FlushAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private void Begin()
    {
        lock (_lock)
        {
            _isWriting = true;
        }
    }

    /// <summary>A pipe takes one flush at a time.</summary>
    private async ValueTask<FlushResult> FlushAfterAsync(Task interim, CancellationToken cancellationToken)
    {
        await interim.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
