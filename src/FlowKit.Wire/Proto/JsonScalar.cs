using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Wire.Proto;

/// <summary>A JSON value that is neither object nor list, whatever .NET type it was made of.</summary>
internal readonly struct JsonScalar(JsonValue value)
{
    public JsonValueKind Kind { get; } = value.GetValueKind();

    public double ToDouble()
    {
        if (value.TryGetValue<double>(out var number))
        {
            return number;
        }

        if (value.TryGetValue<int>(out var whole))
        {
            return whole;
        }

        if (value.TryGetValue<long>(out var large))
        {
            return large;
        }

        return value.TryGetValue<float>(out var single)
            ? single
            : double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
    }

    /// <summary>Gets the value when it was made as a whole number of 32 bits, which 10.0 was not.</summary>
    public bool TryToInt32(out int whole)
    {
        if (value.TryGetValue(out whole))
        {
            return true;
        }

        var isLong = value.TryGetValue<long>(out var large) && large is >= int.MinValue and <= int.MaxValue;
        whole = isLong ? (int)large : 0;
        return isLong;
    }

    public string ToText() => value.TryGetValue<string>(out var text) ? text : value.Deserialize<string>() ?? "";
}
