using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowKit.Components.Typed;

/// <summary>Reads an array that came as nested lists of numbers, as typed documents have them in JSON.</summary>
internal static class NdArrayJson
{
    /// <summary>Reads a list: float64 unless all numbers are whole, as NumPy does.</summary>
    /// <exception cref="JsonException">It is no list of numbers, or its lists are not of one length.</exception>
    public static NdArray Of(JsonNode node)
    {
        var shape = ShapeOf(node);
        var numbers = new List<double>();
        Add(node, shape, 0, numbers);
        return numbers.TrueForAll(number => number == Math.Floor(number) && Math.Abs(number) < 1L << 53)
            ? NdArray.Wrap(numbers.ConvertAll(number => (long)number).ToArray()).Reshape(shape)
            : NdArray.Wrap(numbers.ToArray()).Reshape(shape);
    }

    private static int[] ShapeOf(JsonNode? node)
    {
        var shape = new List<int>();
        for (; node is JsonArray list; node = list.Count > 0 ? list[0] : null)
        {
            shape.Add(list.Count);
        }

        return [.. shape];
    }

    private static void Add(JsonNode? node, int[] shape, int depth, List<double> numbers)
    {
        if (node is JsonArray list)
        {
            if (depth == shape.Length || list.Count != shape[depth])
            {
                throw new JsonException("the lists are ragged");
            }

            foreach (var item in list)
            {
                Add(item, shape, depth + 1, numbers);
            }
        }
        else if (depth < shape.Length)
        {
            throw new JsonException("the lists are ragged");
        }
        else
        {
            numbers.Add(node is null ? double.NaN : node.GetValue<double>());
        }
    }
}
