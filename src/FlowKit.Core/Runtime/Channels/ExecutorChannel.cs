using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace FlowKit.Runtime.Channels;

/// <summary>
/// The bounded channel before an executor, or before one of its shards: work items go in, and each replica reads batches out of it.
/// </summary>
/// <remarks>
/// <para>
/// It is a <see cref="Channel{TWrite, TRead}"/> with the words of the base class library; its full mode is always
/// <see cref="BoundedChannelFullMode.Wait"/>, so that nothing that was accepted is lost. It is its own implementation because a
/// <see cref="BoundedChannelOptions">bounded channel</see> of the library counts items in one line, and this one needs more:
/// </para>
/// <list type="bullet">
/// <item>weight: the capacity is in documents and, when asked, in bytes; an item that is larger than all of it gets in when nothing else
/// waits</item>
/// <item>one queue for each batch key, so that a reader takes the documents of several requests as one batch, after a timeout or when it is
/// full</item>
/// <item>priority with ageing: an item is overtaken only by those that come within <see cref="PriorityStep"/>, so that none starves</item>
/// <item>pause and resize while it serves, and <see cref="Drain"/> for what nobody will serve any more</item>
/// <item>readers for rent: a writer takes an idle replica and makes a short call itself, which is cheaper than waking another thread</item>
/// </list>
/// <para>An item whose request has ended while it waited is dropped when it is next read.</para>
/// </remarks>
internal sealed class ExecutorChannel : Channel<WorkItem, Batch>, IDisposable
{
    /// <summary>The age that an item must be ahead to stand level with an item of the next higher priority.</summary>
    public static readonly TimeSpan PriorityStep = TimeSpan.FromSeconds(1);

    private readonly ChannelState _state;
    private readonly WorkItemWriter _writer;

    /// <param name="capacity">Documents that wait inside at most.</param>
    /// <param name="byteCapacity">Bytes of content that wait inside at most; <see langword="null"/> for any number.</param>
    /// <param name="time">Time.</param>
    public ExecutorChannel(int capacity, long? byteCapacity, TimeProvider time)
    {
        _state = new ChannelState(capacity, byteCapacity, PriorityStep, time);
        Writer = _writer = new WorkItemWriter(_state);
        Reader = CreateReader();
    }

    /// <inheritdoc cref="Channel{TWrite, TRead}.Writer"/>
    public new WorkItemWriter Writer
    {
        get => _writer;
        private init => base.Writer = value;
    }

    /// <summary>Requests that wait inside.</summary>
    public int Count => Load.Requests;

    /// <summary>The load that waits inside.</summary>
    public ChannelLoad Load => _state.Load;

    /// <summary>
    /// Tells whether nothing waits inside that a call by a rented reader would overtake; when no reader can be had then, one is soon back.
    /// </summary>
    public bool CanRent => _state.CanRent;

    /// <summary>Makes the reader of one more replica.</summary>
    public BatchReader CreateReader() => new(_state);

    /// <summary>Changes the capacity; what is inside already stays.</summary>
    public void Resize(int capacity, long? byteCapacity) => _state.Resize(capacity, byteCapacity);

    /// <summary>While paused, items come in as far as there is room and nothing is read.</summary>
    public void Pause(bool isPaused) => _state.Pause(isPaused);

    /// <summary>Takes out everything, writers that wait included: nobody will serve it.</summary>
    public IReadOnlyList<WorkItem> Drain() => _state.Drain();

    /// <summary>
    /// Lends an idle reader to a writer that makes its call itself, when nothing would be overtaken. One is lent without a lock.
    /// </summary>
    public bool TryRentReader([NotNullWhen(true)] out ReaderSlot? reader) => _state.TryRent(out reader);

    /// <summary>Takes a rented reader back.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="hasWork">Tells whether it must look after something itself; it does as well when items have come meanwhile.</param>
    public void Return(ReaderSlot reader, bool hasWork) => _state.Return(reader, hasWork);

    /// <summary>Tells whether a reader waits to be rented.</summary>
    public bool IsForRent(ReaderSlot reader) => _state.IsForRent(reader);

    /// <inheritdoc/>
    public void Dispose() => _state.Dispose();
}
