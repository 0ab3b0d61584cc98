using FlowKit.Clip.Onnx;
using Google.Protobuf;

namespace FlowKit.Tests;

/// <summary>Rewrites a tower's graph the way exporters differ: names, element types, masks, fixed batches, further axes, weights in another file.</summary>
internal sealed class GraphRecipe
{
    private readonly ModelProto _model;
    private int _made;

    private GraphRecipe(ModelProto model) => _model = model;

    internal GraphProto Graph => _model.Graph;

    private ValueProto Input => Graph.Input[0];

    private ValueProto Output => Graph.Output[0];

    internal static GraphRecipe Of(string path) => new(ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)));

    /// <summary>Calls the first input and the first output by other names.</summary>
    internal GraphRecipe Named(string input, string output)
    {
        Replace(Input.Name, input, outputs: false);
        Input.Name = input;
        Replace(Output.Name, output, outputs: true);
        Output.Name = output;
        return this;
    }

    /// <summary>Lets the input come in another element type.</summary>
    internal GraphRecipe Taking(int type)
    {
        var (name, inner) = (Input.Name, Fresh());
        Replace(name, inner, outputs: false);
        First(Node("Cast", [name], inner, Int("to", Input.Type.TensorType.ElemType)));
        Input.Type.TensorType.ElemType = type;
        return this;
    }

    /// <summary>Lets the output go out in another element type.</summary>
    internal GraphRecipe Giving(int type)
    {
        var inner = Fresh();
        Replace(Output.Name, inner, outputs: true);
        Last(Node("Cast", [inner], Output.Name, Int("to", type)));
        Output.Type.TensorType.ElemType = type;
        return this;
    }

    /// <summary>Adds an attention mask; ids behind a text become 0 by it.</summary>
    internal GraphRecipe Masked(string name = "attention_mask")
    {
        var (ids, inner) = (Input.Name, Fresh());
        Replace(ids, inner, outputs: false);
        First(Node("Mul", [ids, name], inner));
        var mask = Input.Clone();
        mask.Name = name;
        Graph.Input.Add(mask);
        return this;
    }

    /// <summary>Insists on one batch size.</summary>
    internal GraphRecipe FixedTo(int batch)
    {
        foreach (var value in Graph.Input.Concat(Graph.Output))
        {
            value.Type.TensorType.Shape.Dim[0] = new DimensionProto { DimValue = batch };
        }

        return this;
    }

    /// <summary>Adds an axis of one to the output, before or behind the batch.</summary>
    internal GraphRecipe WithAxis(int axis)
    {
        var (inner, axes) = (Fresh(), Fresh());
        Replace(Output.Name, inner, outputs: true);
        Graph.Initializer.Add(new TensorProto { Name = axes, DataType = OnnxTypes.Int64, Dims = { 1 }, Int64Data = { axis } });
        Last(Node("Unsqueeze", [inner, axes], Output.Name));
        Output.Type.TensorType.Shape.Dim.Insert(axis, new DimensionProto { DimValue = 1 });
        return this;
    }

    /// <summary>Adds an output of token states in front, as some exporters do.</summary>
    internal GraphRecipe WithHiddenState()
    {
        var extra = new ValueProto { Name = "last_hidden_state", Type = Output.Type.Clone() };
        Last(Node("Identity", [Output.Name], extra.Name));
        Graph.Output.Insert(0, extra);
        return this;
    }

    /// <summary>Takes bytes with the channels last and normalises them itself.</summary>
    internal GraphRecipe TakingBytes(IReadOnlyList<float> mean, IReadOnlyList<float> std)
    {
        var (name, cast, planes, scaled, centred, inner) = (Input.Name, Fresh(), Fresh(), Fresh(), Fresh(), Fresh());
        Replace(name, inner, outputs: false);
        First(Node("Div", [centred, Constant(std)], inner));
        First(Node("Sub", [scaled, Constant(mean)], centred));
        First(Node("Div", [planes, Constant([255f])], scaled));
        First(Node("Transpose", [cast], planes, new AttributeProto { Name = "perm", Type = OnnxTypes.IntsAttribute, Ints = { 0, 3, 1, 2 } }));
        First(Node("Cast", [name], cast, Int("to", OnnxTypes.Float)));
        Input.Type.TensorType.ElemType = OnnxTypes.UInt8;
        var dims = Input.Type.TensorType.Shape.Dim;
        (dims[1], dims[3]) = (dims[2], dims[1]);
        return this;
    }

    /// <summary>Both towers in one graph, with embeddings of length 1 and logits.</summary>
    internal static GraphRecipe Joined(GraphRecipe text, GraphRecipe image, float scale)
    {
        text.Prefix("t_");
        image.Prefix("i_");
        var joined = new GraphRecipe(text._model.Clone());
        joined.Graph.Node.AddRange(image.Graph.Node);
        joined.Graph.Initializer.AddRange(image.Graph.Initializer);
        joined.Graph.Input.AddRange(image.Graph.Input);
        joined.Graph.Output.AddRange(image.Graph.Output);
        joined.Unit(0, "text_embeds");
        joined.Unit(1, "image_embeds");
        var turned = joined.Fresh();
        var cosines = joined.Fresh();
        joined.Last(Node("Transpose", ["image_embeds"], turned, new AttributeProto { Name = "perm", Type = OnnxTypes.IntsAttribute, Ints = { 1, 0 } }));
        joined.Last(Node("MatMul", ["text_embeds", turned], cosines));
        joined.Last(Node("Mul", [cosines, joined.Scalar(scale)], "logits_per_text"));
        joined.Graph.Output.Insert(0, new ValueProto { Name = "logits_per_text", Type = joined.Graph.Output[0].Type.Clone() });
        joined.Graph.Output[0].Type.TensorType.Shape = new ShapeProto { Dim = { new DimensionProto { DimParam = "texts" }, new DimensionProto { DimParam = "images" } } };
        return joined;
    }

    /// <summary>Turns every product with weights into one of whole numbers, as dynamic quantisation does: one scale for each column.</summary>
    internal GraphRecipe Quantised()
    {
        QuantisedWeights.Apply(Graph, Fresh);
        return this;
    }

    /// <summary>Holds and computes everything in 16 bits.</summary>
    internal GraphRecipe Halved()
    {
        foreach (var tensor in Graph.Initializer.Where(static tensor => tensor.DataType == OnnxTypes.Float))
        {
            var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.RawData.Span);
            var halves = new Half[values.Length];
            System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(values, halves);
            (tensor.DataType, tensor.RawData) = (OnnxTypes.Half, ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(halves.AsSpan())));
        }

        foreach (var value in Graph.Input.Concat(Graph.Output).Where(static value => value.Type.TensorType.ElemType == OnnxTypes.Float))
        {
            value.Type.TensorType.ElemType = OnnxTypes.Half;
        }

        return this;
    }

    internal void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, _model.ToByteArray());
    }

    /// <summary>Saves the weights beside the graph.</summary>
    internal void SaveApart(string path, string dataName)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var data = File.Create(Path.Combine(Path.GetDirectoryName(path)!, dataName));
        foreach (var tensor in Graph.Initializer.Where(static tensor => tensor.RawData.Length > 1024))
        {
            tensor.ExternalData.Add(new EntryProto { Key = "location", Value = dataName });
            tensor.ExternalData.Add(new EntryProto { Key = "offset", Value = data.Position.ToString(System.Globalization.CultureInfo.InvariantCulture) });
            tensor.ExternalData.Add(new EntryProto { Key = "length", Value = tensor.RawData.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) });
            tensor.DataLocation = OnnxTypes.ExternalData;
            data.Write(tensor.RawData.Span);
            tensor.ClearRawData();
        }

        Save(path);
    }

    private static NodeProto Node(string type, IEnumerable<string> inputs, string output, params AttributeProto[] attributes) =>
        new() { OpType = type, Input = { inputs }, Output = { output }, Attribute = { attributes } };

    private static AttributeProto Int(string name, long value) => new() { Name = name, Type = OnnxTypes.IntAttribute, I = value };

    private void Unit(int output, string name)
    {
        var value = Graph.Output[output];
        var norm = Fresh();
        Last(Node("ReduceL2", [value.Name], norm, new AttributeProto { Name = "axes", Type = OnnxTypes.IntsAttribute, Ints = { -1 } }, Int("keepdims", 1)));
        Last(Node("Div", [value.Name, norm], name));
        value.Name = name;
    }

    private void Prefix(string prefix)
    {
        Prefix(Graph, prefix, Graph.Input.Select(static input => input.Name).ToHashSet(StringComparer.Ordinal));
        Graph.ValueInfo.Clear();
    }

    private static void Prefix(GraphProto graph, string prefix, HashSet<string> outside)
    {
        foreach (var node in graph.Node)
        {
            foreach (var inner in node.Attribute.Select(static attribute => attribute.G).OfType<GraphProto>())
            {
                Prefix(inner, prefix, outside);
            }

            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = node.Input[i].Length == 0 || outside.Contains(node.Input[i]) ? node.Input[i] : prefix + node.Input[i];
            }

            for (var i = 0; i < node.Output.Count; i++)
            {
                node.Output[i] = prefix + node.Output[i];
            }

            node.Name = node.Name.Length > 0 ? prefix + node.Name : "";
        }

        foreach (var tensor in graph.Initializer)
        {
            tensor.Name = prefix + tensor.Name;
        }

        foreach (var value in graph.Output)
        {
            value.Name = prefix + value.Name;
        }
    }

    private string Constant(IReadOnlyList<float> values)
    {
        var name = Fresh();
        var shape = values.Count == 1 ? Array.Empty<long>() : [1, values.Count, 1, 1];
        Graph.Initializer.Add(new TensorProto { Name = name, DataType = OnnxTypes.Float, Dims = { shape }, FloatData = { values } });
        return name;
    }

    private static TensorProto Longs(string name, params long[] values) => new() { Name = name, DataType = OnnxTypes.Int64, Dims = { values.Length }, Int64Data = { values } };

    private string Scalar(float value) => Constant([value]);

    private void Replace(string from, string to, bool outputs)
    {
        foreach (var node in Graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = node.Input[i] == from ? to : node.Input[i];
            }

            for (var i = 0; outputs && i < node.Output.Count; i++)
            {
                node.Output[i] = node.Output[i] == from ? to : node.Output[i];
            }
        }
    }

    private string Fresh() => $"recipe_{_made++}";

    private void First(NodeProto node) => Graph.Node.Insert(0, node);

    private void Last(NodeProto node) => Graph.Node.Add(node);
}
