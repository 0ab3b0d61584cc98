using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace FlowKit.Wire.Json;

/// <summary>
/// The numbers of a list, in the narrowest of NumPy's types that holds all of them exactly: truth values, int64, uint64, else float64.
/// Among numbers a truth value is 0 or 1, as in NumPy. <c>null</c> is NaN, which is written so.
/// </summary>
/// <param name="field">For errors.</param>
internal sealed class JsonNumbers(string field)
{
    private readonly List<long> _whole = [];
    private List<double>? _fractions;
    private NdType _type = NdType.Int64;

    public int Count => _fractions?.Count ?? _whole.Count;

    /// <summary>Adds the value at the reader.</summary>
    public void Add(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                AddFlag(reader.TokenType == JsonTokenType.True);
                break;
            case JsonTokenType.Null:
                ToFractions().Add(double.NaN);
                break;
            default:
                AddNumber(ref reader);
                break;
        }
    }

    /// <summary>Returns the elements as float32.</summary>
    public byte[] ToFloat32() => _fractions is { } fractions
        ? Bytes(fractions, Narrow)
        : Bytes(_whole, value => _type == NdType.UInt64 ? (float)(ulong)value : value);

    /// <summary>Returns the elements in the narrowest type.</summary>
    public (NdType Type, byte[] Elements) ToNarrowest()
    {
        if (_fractions is { } fractions)
        {
            return (NdType.Float64, Bytes(fractions, value => value));
        }

        return _type == NdType.Bool ? (_type, Bytes(_whole, value => (byte)value)) : (_type, Bytes(_whole, value => value));
    }

    private void AddFlag(bool value)
    {
        _type = Count == 0 ? NdType.Bool : _type;
        if (_fractions is not null)
        {
            _fractions.Add(value ? 1 : 0);
        }
        else
        {
            _whole.Add(value ? 1 : 0);
        }
    }

    private void AddNumber(ref Utf8JsonReader reader)
    {
        _type = _type == NdType.Bool ? NdType.Int64 : _type;
        if (_fractions is null && reader.ValueSpan.IndexOfAny(".eE"u8) < 0 && TryAddWhole(ref reader))
        {
            return;
        }

        var value = reader.GetDouble();
        if (!double.IsFinite(value))
        {
            throw new WireFormatException(field, $"{Encoding.UTF8.GetString(reader.ValueSpan)} is too large for a float64");
        }

        ToFractions().Add(value);
    }

    private bool TryAddWhole(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var whole) && (whole >= 0 || _type != NdType.UInt64))
        {
            _whole.Add(whole);
            return true;
        }

        if (!reader.TryGetUInt64(out var large) || (_type != NdType.UInt64 && _whole.Exists(value => value < 0)))
        {
            return false;
        }

        _type = NdType.UInt64;
        _whole.Add(unchecked((long)large));
        return true;
    }

    private List<double> ToFractions() =>
        _fractions ??= _whole.ConvertAll(value => _type == NdType.UInt64 ? (double)(ulong)value : value);

    private float Narrow(double value) => float.IsInfinity((float)value)
        ? throw new WireFormatException(field, string.Create(CultureInfo.InvariantCulture, $"{value} is too large for a float32"))
        : (float)value;

    private static byte[] Bytes<TFrom, TTo>(List<TFrom> values, Func<TFrom, TTo> convert) where TTo : unmanaged
    {
        var target = new byte[values.Count * Marshal.SizeOf<TTo>()];
        var typed = MemoryMarshal.Cast<byte, TTo>(target.AsSpan());
        for (var at = 0; at < typed.Length; at++)
        {
            typed[at] = convert(values[at]);
        }

        return target;
    }
}
