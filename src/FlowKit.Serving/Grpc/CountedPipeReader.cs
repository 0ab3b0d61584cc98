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

    private const string Purpose = "A message";

    private ReadOnlySequence<byte> _buffer;
    private long _paid;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var result = await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
        var more = Unpaid(result);
        if (more > 0)
        {
            Settle(result, more, await share.TryTakeAsync(more, Purpose, cancellationToken).ConfigureAwait(false));
        }

        return result;
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!inner.TryRead(out result))
        {
            return false;
        }

        var more = Unpaid(result);
        if (more > 0)
        {
            Settle(result, more, share.TryTake(more, Purpose));
        }

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

    private long Unpaid(ReadResult result)
    {
        _buffer = result.Buffer;
        return result.Buffer.Length - FreeBytes - _paid;
    }

    private void Settle(ReadResult result, long more, FlowError? refusal)
    {
        if (refusal is not null)
        {
            inner.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            throw new FlowKitException(refusal);
        }

        _paid += more;
    }
}
