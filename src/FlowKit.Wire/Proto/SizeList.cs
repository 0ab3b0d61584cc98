namespace FlowKit.Wire.Proto;

/// <summary>
/// The sizes of nested messages in the order they begin: measured in one pass, taken again by the pass that writes, so that depth costs
/// nothing.
/// </summary>
internal sealed class SizeList
{
    private int[] _sizes = new int[16];
    private int _count;
    private int _next;

    public int Reserve()
    {
        if (_count == _sizes.Length)
        {
            Array.Resize(ref _sizes, 2 * _count);
        }

        return _count++;
    }

    public void Set(int slot, int size) => _sizes[slot] = size;

    public int Take() => _next < _count ? _sizes[_next++] : throw Changed();

    public void Rewind() => _next = 0;

    public static InvalidOperationException Changed() =>
        new("A message was changed after it had been measured, while it was being written.");
}
