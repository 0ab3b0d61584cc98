using System.Buffers;

namespace FlowKit.Wire;

/// <summary>
/// Holds a message in memory until it is whole: one that cannot be written becomes an error instead of half a body, and its length is
/// known. A small one is in an array of the pool, a large one outside the heap. A request's share of memory pays for it.
/// </summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int FirstSize = 4096;
    private const int MaxPooled = 1 << 20;

    /// <summary>The bytes that nobody pays for: a request has them from the beginning.</summary>
    private const int FreeBytes = 64 << 10;

    private const int PayStep = 64 << 10;

    private readonly IMemoryShare? _share;
    private readonly string _purpose;
    private byte[]? _array;
    private NativeBlock? _block;
    private int _capacity;
    private int _length;
    private long _paid;

    /// <param name="size">How many bytes are expected; more may come.</param>
    /// <param name="share">Pays; <see langword="null"/> where nobody counts.</param>
    /// <param name="purpose">What it holds, for errors.</param>
    /// <exception cref="FlowKitException">There is no memory for the bytes that are expected.</exception>
    public PooledBuffer(int size = FirstSize, IMemoryShare? share = null, string purpose = "The message")
    {
        (_share, _purpose) = (share, purpose);
        Pay(size);
        Resize(size);
    }

    public ReadOnlyMemory<byte> Written => Whole[.._length];

    private Memory<byte> Whole => _block?.Memory ?? _array.AsMemory();

    /// <summary>Forgets what is written.</summary>
    public void Clear() => _length = 0;

    /// <summary>
    /// Counts what is written, and pays for it: not before, since a writer asks for room for the longest that a text may become, and room
    /// that is not written costs nothing.
    /// </summary>
    /// <exception cref="FlowKitException">There is no memory for it.</exception>
    public void Advance(int count)
    {
        _length += count;
        if (_length > FreeBytes + _paid)
        {
            Pay(_length + (long)PayStep);
        }
    }

    /// <summary>
    /// Counts what is written, as <see cref="Advance"/>, and waits a little for the memory of others where there is none.
    /// </summary>
    /// <exception cref="FlowKitException">There is no memory for it.</exception>
    public ValueTask AdvanceAsync(int count, CancellationToken cancellationToken)
    {
        _length += count;
        return _share is { } share && _length > FreeBytes + _paid ? PayAsync(share, cancellationToken) : ValueTask.CompletedTask;
    }

    /// <exception cref="FlowKitException">No message is as large.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return Whole[_length..];
    }

    /// <exception cref="FlowKitException">No message is as large.</exception>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _block is { } block ? block.GetSpan()[_length..] : _array.AsSpan(_length);
    }

    public void Dispose()
    {
        if (_array is not null)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        ((IDisposable?)_block)?.Dispose();
        (_array, _block, _capacity, _length) = (null, null, 0, 0);
        _share?.Return(_paid);
        _paid = 0;
    }

    private void Grow(int sizeHint)
    {
        var needed = _length + (long)Math.Max(sizeHint, 1);
        if (needed <= _capacity)
        {
            return;
        }

        if (needed > int.MaxValue)
        {
            throw new FlowKitException(
                FlowErrorCode.ResourceExhausted,
                $"{_purpose} would take more than {needed} bytes; one message holds at most {int.MaxValue}. Ask for less at once.");
        }

        // A large one grows by less, since that costs nothing.
        var wanted = _capacity < MaxPooled ? _capacity * 2L : _capacity + (_capacity / 4L);
        Resize((int)Math.Clamp(wanted, needed, int.MaxValue));
    }

    private void Resize(int capacity)
    {
        if (capacity <= MaxPooled)
        {
            var array = ArrayPool<byte>.Shared.Rent(capacity);
            _array?.AsSpan(0, _length).CopyTo(array);
            Replace(array);
            return;
        }

        if (_block is not null)
        {
            _block.Grow(capacity);
        }
        else
        {
            var block = new NativeBlock(capacity);
            _array?.AsSpan(0, _length).CopyTo(block.GetSpan());
            _block = block;
            Replace(null);
        }

        _capacity = capacity;
    }

    private void Replace(byte[]? array)
    {
        if (_array is not null)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        (_array, _capacity) = (array, array?.Length ?? 0);
    }

    private async ValueTask PayAsync(IMemoryShare share, CancellationToken cancellationToken)
    {
        var more = _length + (long)PayStep - FreeBytes - _paid;
        if (await share.TryTakeAsync(more, _purpose, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            throw new FlowKitException(refusal);
        }

        _paid += more;
    }

    private void Pay(long bytes)
    {
        var more = bytes - FreeBytes - _paid;
        if (_share is null || more <= 0)
        {
            return;
        }

        if (_share.TryTake(more, _purpose) is { } refusal)
        {
            throw new FlowKitException(refusal);
        }

        _paid += more;
    }
}
