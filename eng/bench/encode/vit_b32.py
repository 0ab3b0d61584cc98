"""Writes a ViT-B/32-sized image tower with random weights as a model folder: the graph and the sizes of OpenAI's, nothing learned.

Usage: vit_b32.py FOLDER
"""
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTH, LAYERS, HEADS, PATCH, SIZE, OUTPUT = 768, 12, 12, 32, 224, 512
TOKENS = (SIZE // PATCH) ** 2 + 1
HEAD = WIDTH // HEADS


class Graph:
    """Collects nodes and weights."""

    def __init__(self, seed=0):
        self.random = np.random.default_rng(seed)
        self.nodes, self.weights, self.count = [], [], 0

    def name(self):
        self.count += 1
        return f"v{self.count}"

    def const(self, array):
        name = self.name()
        self.weights.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def weight(self, *shape):
        return self.const((self.random.standard_normal(shape) * 0.02).astype(np.float32))

    def op(self, kind, *inputs, outputs=1, **attributes):
        names = [self.name() for _ in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def shape(self, *sizes):
        return self.const(np.array(sizes, np.int64))

    def linear(self, x, inputs, outputs):
        return self.op("Add", self.op("MatMul", x, self.weight(inputs, outputs)), self.weight(outputs))

    def norm(self, x):
        mean = self.op("ReduceMean", x, axes=[-1], keepdims=1)
        centred = self.op("Sub", x, mean)
        variance = self.op("ReduceMean", self.op("Mul", centred, centred), axes=[-1], keepdims=1)
        deviation = self.op("Sqrt", self.op("Add", variance, self.const(np.float32(1e-5))))
        return self.op("Add", self.op("Mul", self.op("Div", centred, deviation), self.const(np.ones(WIDTH, np.float32))), self.const(np.zeros(WIDTH, np.float32)))


def attention(g, x):
    qkv = g.op("Reshape", g.linear(x, WIDTH, 3 * WIDTH), g.shape(0, TOKENS, 3, HEADS, HEAD))
    parts = g.op("Split", g.op("Transpose", qkv, perm=[2, 0, 3, 1, 4]), outputs=3, axis=0)
    query, key, value = (g.op("Squeeze", part, g.shape(0)) for part in parts)
    scores = g.op("MatMul", g.op("Mul", query, g.const(np.float32(HEAD**-0.5))), g.op("Transpose", key, perm=[0, 1, 3, 2]))
    mixed = g.op("Transpose", g.op("MatMul", g.op("Softmax", scores, axis=-1), value), perm=[0, 2, 1, 3])
    return g.linear(g.op("Reshape", mixed, g.shape(0, TOKENS, WIDTH)), WIDTH, WIDTH)


def mlp(g, x):
    hidden = g.linear(x, WIDTH, 4 * WIDTH)
    gate = g.op("Sigmoid", g.op("Mul", hidden, g.const(np.float32(1.702))))
    return g.linear(g.op("Mul", hidden, gate), 4 * WIDTH, WIDTH)


def build():
    g = Graph()
    patches = g.op("Conv", "pixel_values", g.weight(WIDTH, 3, PATCH, PATCH), strides=[PATCH, PATCH], kernel_shape=[PATCH, PATCH])
    tokens = g.op("Transpose", g.op("Reshape", patches, g.shape(0, WIDTH, TOKENS - 1)), perm=[0, 2, 1])
    batch = g.op("Slice", g.op("Shape", "pixel_values"), g.shape(0), g.shape(1))
    first = g.op("Expand", g.weight(1, 1, WIDTH), g.op("Concat", batch, g.shape(1, WIDTH), axis=0))
    x = g.norm(g.op("Add", g.op("Concat", first, tokens, axis=1), g.weight(TOKENS, WIDTH)))
    for _ in range(LAYERS):
        x = g.op("Add", x, attention(g, g.norm(x)))
        x = g.op("Add", x, mlp(g, g.norm(x)))
    pooled = g.op("Gather", g.norm(x), g.const(np.array(0, np.int64)), axis=1)
    g.nodes.append(helper.make_node("MatMul", [pooled, g.weight(WIDTH, OUTPUT)], ["image_embeds"]))
    graph = helper.make_graph(
        g.nodes, "vit-b-32",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("image_embeds", TensorProto.FLOAT, ["batch", OUTPUT])],
        g.weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    model.ir_version = 8
    return model


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(build(), str(folder / "visual.onnx"))
    card = {"name": "vit-b-32-random", "revision": "0", "dimension": OUTPUT, "image_size": SIZE, "files": {"visual": {"path": "visual.onnx"}}}
    (folder / "model.json").write_text(json.dumps(card, indent=2) + "\n")


if __name__ == "__main__":
    main()
