using System.Buffers;
using System.IO.Pipelines;
using FlowKit.Runtime;

namespace FlowKit.Serving.Grpc;

/// <summary>
/// Reads the messages of a stream while a share of memory pays for what has come of one that is not whole: the library waits for all of a
/// message before anybody sees it.
/// </summary>
/// <param name="inner">The body.</param>
/// <param name="share">Pays.</param>
internal sealed class CountedPipeReader(PipeReader inner, MemoryShare share) : PipeReader
{
    /// <summary>The bytes that nobody pays for.</summary>
    private const long FreeBytes = 64 << 10;

    private ReadOnlySequence<byte> _buffer;
    private long _paid;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var result = await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
        Pay(result);
        return result;
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result))
        {
            return false;
        }

        Pay(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var kept = Math.Max(0, _buffer.Slice(consumed).Length - FreeBytes);
        if (kept < _paid)
        {
            share.Return(_paid - kept);
            _paid = kept;
        }

        _buffer = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private void Pay(ReadResult result)
    {
        _buffer = result.Buffer;
        var more = result.Buffer.Length - FreeBytes - _paid;
        if (more <= 0)
        {
            return;
        }

        if (share.TryTake(more, "A message") is { } refusal)
        {
            inner.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            throw new FlowKitException(refusal);
        }

        _paid += more;
    }
}
