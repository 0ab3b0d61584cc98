using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace FlowKit.Runtime.Channels;

/// <summary>
/// A replica's reading end of an <see cref="ExecutorChannel"/>. What it reads is the same batch each time, filled anew.
/// </summary>
internal sealed class BatchReader(ChannelState state) : ChannelReader<Batch>
{
    /// <summary>The reader's place among those that wait or are rented.</summary>
    public ReaderSlot Slot { get; } = new();

    /// <summary>The batch that it has read last.</summary>
    public Batch Batch { get; } = new();

    /// <inheritdoc/>
    public override bool CanCount => true;

    /// <inheritdoc/>
    public override int Count => state.Load.Requests;

    /// <inheritdoc/>
    public override Task Completion => state.Completion;

    /// <summary>Takes what makes one call; items whose request has ended come alone, to be counted and dropped.</summary>
    public override bool TryRead([MaybeNullWhen(false)] out Batch item)
    {
        item = state.TryRead(Slot, Batch) ? Batch : null;
        return item is not null;
    }

    /// <summary>Waits until something can be read.</summary>
    /// <returns>Whether to go on reading; false when the channel is completed and empty, or this reader has been retired.</returns>
    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.CanBeCanceled ? WaitAsync(cancellationToken) : state.WaitAsync(Slot);

    /// <summary>Has the reader look after itself when it waits for items.</summary>
    public void Wake() => state.Wake(Slot);

    /// <summary>This reader reads nothing more.</summary>
    public void Retire() => state.Retire(Slot);

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var waking = cancellationToken.UnsafeRegister(static reader => ((BatchReader)reader!).Wake(), this);
        var more = await state.WaitAsync(Slot).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return more;
    }
}
