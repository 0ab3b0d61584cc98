using System.Threading.Channels;

namespace FlowKit.Runtime.Channels;

/// <summary>The writing end of an <see cref="ExecutorChannel"/>. Writers that wait for room get it in the order they came.</summary>
internal sealed class WorkItemWriter(ChannelState state) : ChannelWriter<WorkItem>
{
    /// <summary>
    /// Writes an item, waiting for room; the way of the runtime, which needs no exception to learn that nobody will serve it.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="ignoresCapacity">Tells whether it goes in even if there is no room.</param>
    /// <param name="cancellationToken">Ends the wait, as the end of the item's request does.</param>
    /// <returns>Whether it is in; false when the channel is completed, or the wait has ended.</returns>
    public ValueTask<bool> OfferAsync(WorkItem item, bool ignoresCapacity = false, CancellationToken cancellationToken = default)
    {
        state.Measure(item);
        var isIn = state.TryEnter(item, ignoresCapacity, mayWait: true, out var pending);
        return pending is null
            ? new ValueTask<bool>(isIn)
            : new ValueTask<bool>(state.WaitAsync(pending, item.Request.Token, cancellationToken));
    }

    /// <inheritdoc/>
    public override bool TryWrite(WorkItem item)
    {
        state.Measure(item);
        return state.TryEnter(item, ignoresCapacity: false, mayWait: false, out _);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(WorkItem item, CancellationToken cancellationToken = default)
    {
        var offering = OfferAsync(item, cancellationToken: cancellationToken);
        return offering is { IsCompletedSuccessfully: true, Result: true }
            ? ValueTask.CompletedTask
            : AwaitAsync(offering, item, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        var hasRoom = state.HasRoom(out var pending);
        return pending is null ? new ValueTask<bool>(hasRoom) : AwaitRoomAsync(pending, cancellationToken);
    }

    /// <inheritdoc/>
    public override bool TryComplete(Exception? error = null) => state.TryComplete(error);

    private static async ValueTask AwaitAsync(ValueTask<bool> offering, WorkItem item, CancellationToken cancellationToken)
    {
        if (!await offering.ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            item.Request.Token.ThrowIfCancellationRequested();
            throw new ChannelClosedException();
        }
    }

    private async ValueTask<bool> AwaitRoomAsync(PendingWriter pending, CancellationToken cancellationToken)
    {
        var hasRoom = await state.WaitAsync(pending, cancellationToken, CancellationToken.None).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return hasRoom;
    }
}
