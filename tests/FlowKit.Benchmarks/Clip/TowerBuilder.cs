using System.Runtime.InteropServices;
using FlowKit.Clip.Onnx;
using Google.Protobuf;

namespace FlowKit.Benchmarks;

/// <summary>Collects the nodes and random weights of a transformer.</summary>
internal sealed class TowerBuilder(int width, int heads, int seed)
{
    private readonly GraphProto _graph = new() { Name = "tower" };
    private readonly Random _random = new(seed);
    private int _count;

    internal static AttributeProto Int(string name, long value) => new() { Name = name, Type = OnnxTypes.IntAttribute, I = value };

    internal static AttributeProto Ints(string name, params long[] values) => new() { Name = name, Type = OnnxTypes.IntsAttribute, Ints = { values } };

    /// <summary>An input or output; a negative size is free.</summary>
    internal static ValueProto Value(string name, int type, params long[] sizes) => new()
    {
        Name = name,
        Type = new TypeProto { TensorType = new TensorTypeProto { ElemType = type, Shape = new ShapeProto { Dim = { sizes.Select((size, i) => size < 0 ? new DimensionProto { DimParam = $"{name}_{i}" } : new DimensionProto { DimValue = size }) } } } },
    };

    internal string Op(string kind, string[] inputs, params AttributeProto[] attributes)
    {
        var name = Fresh();
        _graph.Node.Add(new NodeProto { OpType = kind, Input = { inputs }, Output = { name }, Attribute = { attributes } });
        return name;
    }

    internal string Weight(params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, static (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ((float)_random.NextDouble() - 0.5f) * 0.07f;
        }

        return Tensor(OnnxTypes.Float, shape, MemoryMarshal.AsBytes(values.AsSpan()));
    }

    internal string Number(float value) => Tensor(OnnxTypes.Float, [], MemoryMarshal.AsBytes([value]));

    internal string Shape(params long[] sizes) => Tensor(OnnxTypes.Int64, [sizes.Length], MemoryMarshal.AsBytes(sizes.AsSpan()));

    internal string Index(long value) => Tensor(OnnxTypes.Int64, [], MemoryMarshal.AsBytes([value]));

    /// <summary>A layer's normalisation node by node as exporters write it, with a power: that is what ONNX Runtime knows as one, a product it does not.</summary>
    internal string Norm(string x)
    {
        var centred = Op("Sub", [x, Op("ReduceMean", [x], Ints("axes", -1), Int("keepdims", 1))]);
        var variance = Op("ReduceMean", [Op("Pow", [centred, Number(2)])], Ints("axes", -1), Int("keepdims", 1));
        var scaled = Op("Div", [centred, Op("Sqrt", [Op("Add", [variance, Number(1e-5f)])])]);
        return Op("Add", [Op("Mul", [scaled, Vector(1)]), Vector(0)]);
    }

    internal string Layers(string x, int count, string? mask)
    {
        for (var i = 0; i < count; i++)
        {
            x = Op("Add", [x, Attention(Norm(x), mask)]);
            x = Op("Add", [x, Feed(Norm(x))]);
        }

        return x;
    }

    internal ModelProto Build(string pooled, ValueProto input, string output, int dimension)
    {
        _graph.Node.Add(new NodeProto { OpType = "MatMul", Input = { pooled, Weight(width, dimension) }, Output = { output } });
        _graph.Input.Add(input);
        _graph.Output.Add(Value(output, OnnxTypes.Float, -1, dimension));
        return new ModelProto { IrVersion = 8, Graph = _graph, OpsetImport = { new OperatorSetProto { Domain = "", Version = 14 } } };
    }

    private string Attention(string x, string? mask)
    {
        var parts = new[] { 0, 1, 2 }.Select(_ => Op("Reshape", [Linear(x, width, width), Shape(0, -1, heads, width / heads)])).ToArray();
        var (query, key, value) = (Op("Transpose", [parts[0]], Ints("perm", 0, 2, 1, 3)), Op("Transpose", [parts[1]], Ints("perm", 0, 2, 3, 1)), Op("Transpose", [parts[2]], Ints("perm", 0, 2, 1, 3)));
        var scores = Op("MatMul", [Op("Mul", [query, Number(MathF.Pow(width / heads, -0.5f))]), key]);
        scores = mask is null ? scores : Op("Add", [scores, mask]);
        var mixed = Op("Transpose", [Op("MatMul", [Op("Softmax", [scores], Int("axis", -1)), value])], Ints("perm", 0, 2, 1, 3));
        return Linear(Op("Reshape", [mixed, Shape(0, -1, width)]), width, width);
    }

    private string Feed(string x)
    {
        var hidden = Linear(x, width, 4 * width);
        return Linear(Op("Mul", [hidden, Op("Sigmoid", [Op("Mul", [hidden, Number(1.702f)])])]), 4 * width, width);
    }

    private string Linear(string x, int inputs, int outputs) => Op("Add", [Op("MatMul", [x, Weight(inputs, outputs)]), Weight(outputs)]);

    private string Vector(float value) => Tensor(OnnxTypes.Float, [width], MemoryMarshal.AsBytes(Enumerable.Repeat(value, width).ToArray().AsSpan()));

    private string Tensor(int type, long[] shape, ReadOnlySpan<byte> bytes)
    {
        var name = Fresh();
        _graph.Initializer.Add(new TensorProto { Name = name, DataType = type, Dims = { shape }, RawData = ByteString.CopyFrom(bytes) });
        return name;
    }

    private string Fresh() => $"v{_count++}";
}
