using System.Threading.Channels;
using FlowKit.Runtime.Requests;
using FlowKit.TestKit;

namespace FlowKit.Runtime.Channels;

/// <summary>The channel before an executor keeps what a <see cref="Channel{TWrite, TRead}"/> promises.</summary>
public sealed class ExecutorChannelTests : IDisposable
{
    private readonly CancellationTokenSource _callerGone = new();
    private readonly ExecutorChannel _channel = new(capacity: 2, byteCapacity: null, TimeProvider.System);
    private readonly List<RequestState> _requests = [];

    private ChannelWriter<WorkItem> Writer => ((Channel<WorkItem, Batch>)_channel).Writer;

    private ChannelReader<Batch> Reader => ((Channel<WorkItem, Batch>)_channel).Reader;

    public void Dispose()
    {
        _requests.ForEach(request => request.Dispose());
        _channel.Dispose();
        _callerGone.Dispose();
    }

    private WorkItem Item(int documents = 1)
    {
        var call = new FlowRequest("/search", [.. Enumerable.Range(0, documents).Select(id => new Document($"{id}"))]);
        var request = new RequestState(call, ["a"], TimeProvider.System, null, default, _callerGone.Token, CancellationToken.None);
        _requests.Add(request);
        return new WorkItem(request, call.Documents);
    }

    private WorkItem Read()
    {
        Assert.True(Reader.TryRead(out var batch));
        return batch.Single!;
    }

    [Fact]
    public async Task What_is_written_is_read_in_its_order()
    {
        var (first, second) = (Item(), Item());

        Assert.True(Writer.TryWrite(first));
        await Writer.WriteAsync(second);

        Assert.True(await Reader.WaitToReadAsync());
        Assert.Same(first, Read());
        Assert.Same(second, Read());
        Assert.False(Reader.TryRead(out var nothing));
        Assert.Null(nothing);
    }

    [Fact]
    public async Task A_full_channel_takes_the_next_when_there_is_room_for_it()
    {
        await Writer.WriteAsync(Item());
        var wide = Writer.WriteAsync(Item(2)).AsTask();
        var room = Writer.WaitToWriteAsync().AsTask();

        Assert.False(Writer.TryWrite(Item()));
        Assert.False(wide.IsCompleted);
        Assert.False(room.IsCompleted);

        Read();
        await wide.WithTimeout();
        Assert.False(room.IsCompleted);

        Read();
        Assert.True(await room.WithTimeout());
        Assert.True(Writer.TryWrite(Item()));
    }

    [Fact]
    public async Task An_item_that_is_larger_than_the_channel_gets_in_when_it_is_empty()
    {
        await Writer.WriteAsync(Item(7));

        Assert.Equal((1, 7), (Reader.Count, _channel.Load.Usage.Documents));
        Assert.False(Writer.TryWrite(Item()));
    }

    [Fact]
    public async Task A_writer_that_waits_goes_with_its_token_or_its_request()
    {
        using var cancel = new CancellationTokenSource();
        await Writer.WriteAsync(Item(2));
        var cancelled = Writer.WriteAsync(Item(), cancel.Token).AsTask();
        var room = Writer.WaitToWriteAsync(cancel.Token).AsTask();
        var left = Writer.WriteAsync(Item()).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled).WithTimeout();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => room).WithTimeout();
        Assert.False(left.IsCompleted);

        await _callerGone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left).WithTimeout();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Writer.WaitToWriteAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_completed_channel_is_read_to_its_end_and_takes_nothing()
    {
        await Writer.WriteAsync(Item(2));
        var waiting = Writer.WriteAsync(Item()).AsTask();

        Writer.Complete();

        await Assert.ThrowsAsync<ChannelClosedException>(() => waiting).WithTimeout();
        await Assert.ThrowsAsync<ChannelClosedException>(async () => await Writer.WriteAsync(Item()));
        Assert.False(Writer.TryWrite(Item()));
        Assert.False(Writer.TryComplete());
        Assert.False(await Writer.WaitToWriteAsync());
        Assert.False(Reader.Completion.IsCompleted);

        Read();
        await Reader.Completion.WithTimeout();
        Assert.False(await Reader.WaitToReadAsync());
    }

    [Fact]
    public async Task The_error_of_its_writer_is_the_end_of_a_channel()
    {
        Assert.True(Writer.TryComplete(new InvalidDataException("broken")));

        await Assert.ThrowsAsync<InvalidDataException>(() => Reader.Completion).WithTimeout();
    }

    [Fact]
    public async Task A_reader_that_waits_goes_with_its_token_and_may_wait_again()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = Reader.WaitToReadAsync(cancel.Token).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting).WithTimeout();

        var again = Reader.WaitToReadAsync().AsTask();
        await Writer.WriteAsync(Item());
        Assert.True(await again.WithTimeout());
    }

    [Fact]
    public async Task A_retired_reader_leaves_what_is_inside_to_the_others()
    {
        var (first, second) = (_channel.CreateReader(), _channel.CreateReader());
        var waiting = first.WaitToReadAsync().AsTask();

        first.Retire();
        await waiting.WithTimeout();
        await Writer.WriteAsync(Item());

        Assert.False(await first.WaitToReadAsync());
        Assert.False(first.TryRead(out _));
        Assert.True(second.TryRead(out _));
    }

    [Fact]
    public async Task What_is_drained_completes_the_channel_with_those_who_waited_for_room()
    {
        var (inside, waiting) = (Item(2), Item());
        await Writer.WriteAsync(inside);
        var writing = Writer.WriteAsync(waiting).AsTask();

        Assert.Equal([inside, waiting], _channel.Drain());
        await writing.WithTimeout();
        Writer.Complete();

        await Reader.Completion.WithTimeout();
    }
}
