using System.IO.Pipelines;

namespace FlowKit.Serving.Gateway.HalfClose;

/// <summary>
/// Reads what a client sends, and tells of its end once everything before has been looked at: a request that comes together with the end
/// is a request.
/// </summary>
/// <param name="inner">What it sends.</param>
internal sealed class HalfClosedInput(PipeReader inner) : PipeReader
{
    private ReadResult _last;

    /// <summary>The bytes that were looked at and left.</summary>
    private long _seen;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = inner.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? new(Take(reading.Result)) : AwaitAsync(reading);

        async ValueTask<ReadResult> AwaitAsync(ValueTask<ReadResult> reading) => Take(await reading.ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result))
        {
            return false;
        }

        result = Take(result);
        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_last.IsCompleted)
        {
            _seen = _last.Buffer.Slice(consumed, examined).Length;
        }

        _last = default;
        inner.AdvanceTo(consumed, examined);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private ReadResult Take(ReadResult result)
    {
        _last = result;
        return result.IsCompleted && result.Buffer.Length > _seen
            ? new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false)
            : result;
    }
}
