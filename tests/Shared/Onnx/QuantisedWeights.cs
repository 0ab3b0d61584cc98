using System.Runtime.InteropServices;
using FlowKit.Clip.Onnx;
using Google.Protobuf;

namespace FlowKit.Tests;

/// <summary>Dynamic quantisation as ONNX Runtime's tool does it: activations to uint8 as they come, weights to int8 with one scale a column.</summary>
internal static class QuantisedWeights
{
    /// <summary>Rewrites every <c>MatMul</c> whose second operand is a matrix of weights.</summary>
    internal static void Apply(GraphProto graph, Func<string> fresh)
    {
        var tensors = graph.Initializer.ToDictionary(static tensor => tensor.Name);
        var casts = graph.Node.Where(node => node.OpType == "Cast" && tensors.ContainsKey(node.Input[0])).ToDictionary(static node => node.Output[0], static node => node.Input[0]);
        for (var i = 0; i < graph.Node.Count; i++)
        {
            var node = graph.Node[i];
            if (node.OpType == "MatMul" && tensors.GetValueOrDefault(casts.GetValueOrDefault(node.Input[1], node.Input[1])) is { Dims.Count: 2 } weights)
            {
                graph.Node.RemoveAt(i);
                var (whole, scales) = Quantise(weights, fresh);
                graph.Initializer.Add([whole, scales]);
                foreach (var step in Steps(node, whole.Name, scales.Name, fresh))
                {
                    graph.Node.Insert(i++, step);
                }

                i--;
            }
        }

        graph.ValueInfo.Clear();
        DropUnused(graph);
    }

    private static IEnumerable<NodeProto> Steps(NodeProto node, string weights, string scales, Func<string> fresh)
    {
        var (small, scale, zero, sums, real, product) = (fresh(), fresh(), fresh(), fresh(), fresh(), fresh());
        yield return new NodeProto { OpType = "DynamicQuantizeLinear", Input = { node.Input[0] }, Output = { small, scale, zero } };
        yield return new NodeProto { OpType = "MatMulInteger", Input = { small, weights, zero }, Output = { sums } };
        yield return new NodeProto { OpType = "Cast", Input = { sums }, Output = { real }, Attribute = { new AttributeProto { Name = "to", Type = OnnxTypes.IntAttribute, I = OnnxTypes.Float } } };
        yield return new NodeProto { OpType = "Mul", Input = { scale, scales }, Output = { product } };
        yield return new NodeProto { OpType = "Mul", Input = { real, product }, Output = { node.Output[0] } };
    }

    private static (TensorProto Whole, TensorProto Scales) Quantise(TensorProto weights, Func<string> fresh)
    {
        var (rows, columns) = ((int)weights.Dims[0], (int)weights.Dims[1]);
        var values = Values(weights);
        var (whole, scales) = (new sbyte[values.Length], new float[columns]);
        for (var column = 0; column < columns; column++)
        {
            var largest = 1e-9f;
            for (var row = 0; row < rows; row++)
            {
                largest = Math.Max(largest, Math.Abs(values[(row * columns) + column]));
            }

            // Seven bits: u8 × s8 products are summed in pairs of 16 bits on older processors.
            scales[column] = largest / 63;
            for (var row = 0; row < rows; row++)
            {
                whole[(row * columns) + column] = (sbyte)Math.Round(values[(row * columns) + column] / scales[column]);
            }
        }

        return (new TensorProto { Name = fresh(), DataType = OnnxTypes.Int8, Dims = { rows, columns }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(whole.AsSpan())) },
            new TensorProto { Name = fresh(), DataType = OnnxTypes.Float, Dims = { columns }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(scales.AsSpan())) });
    }

    private static float[] Values(TensorProto tensor) => tensor.DataType == OnnxTypes.Half
        ? [.. MemoryMarshal.Cast<byte, Half>(tensor.RawData.Span).ToArray().Select(static value => (float)value)]
        : MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();

    private static void DropUnused(GraphProto graph)
    {
        for (var left = -1; left != graph.Node.Count;)
        {
            left = graph.Node.Count;
            var read = graph.Node.SelectMany(static node => node.Input).Concat(graph.Output.Select(static value => value.Name)).ToHashSet(StringComparer.Ordinal);
            foreach (var node in graph.Node.Where(node => !node.Output.Any(read.Contains)).ToList())
            {
                graph.Node.Remove(node);
            }

            foreach (var tensor in graph.Initializer.Where(tensor => !read.Contains(tensor.Name)).ToList())
            {
                graph.Initializer.Remove(tensor);
            }
        }
    }
}
