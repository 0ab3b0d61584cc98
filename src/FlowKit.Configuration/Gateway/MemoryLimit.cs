using System.Globalization;

namespace FlowKit.Configuration.Gateway;

/// <summary>A limit of memory: a number of bytes, or a share of what the machine, or the container, has.</summary>
public readonly record struct MemoryLimit
{
    private readonly long _bytes;
    private readonly int _percent;

    private MemoryLimit(long bytes, int percent) => (_bytes, _percent) = (bytes, percent);

    /// <summary>A number of bytes.</summary>
    /// <param name="bytes">How many, at least 1.</param>
    public static MemoryLimit OfBytes(long bytes) => new(bytes, 0);

    /// <summary>A share.</summary>
    /// <param name="percent">Hundredths, 1 to 100.</param>
    public static MemoryLimit OfShare(int percent) => new(0, percent);

    /// <summary>The limit as a flow writes it: <c>50%</c>, or a number of bytes.</summary>
    public override string ToString() =>
        _percent == 0 ? _bytes.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{_percent}%");

    /// <summary>Returns the limit in bytes.</summary>
    /// <param name="available">The bytes that the machine, or the container, has.</param>
    public long BytesOf(long available) => _percent == 0 ? _bytes : Math.Max(1, available / 100 * _percent);
}
