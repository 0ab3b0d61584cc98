"""Exports a checkpoint: visual.onnx, textual.onnx, merges.txt, vocab.json and the card model.json.

    export.py CHECKPOINT [--out DIRECTORY] [--metrics FILE] [--intermediate]

The files hold their weights in 16 bit and cast them to 32 bit when loaded; all computing is in 32 bit.
"""
import argparse
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from common import CONTEXT, DATA_VERSION, DIMENSION, IMAGE_SIZE, MEAN, MODEL_DIRECTORY, STD
from finalset import AIMS
from model import TinyClip, normalise_pixels
from onnxrun import Runtime, Session
from prepare import load_tokenizer

OPSET = 14
LARGE = 256                 # smaller tensors stay 32 bit
TEST_TEXTS = ("red", "blue", "green", "a photo of a cat")
TEST_COLOURS = {"red": (220, 30, 35), "blue": (40, 80, 220), "green": (40, 160, 60)}
TOWERS = {"visual": ("pixel_values", "image_embeds"), "textual": ("input_ids", "text_embeds")}
LICENSE = ("Weights: licence of this repository. Trained on pictures drawn from Noto Color Emoji (SIL OFL 1.1, "
           "copyright 2013-2017 Google Inc. and Arjen Nienhuis) with names and keywords of Unicode CLDR "
           "(Unicode-DFS-2016, copyright 1991-2022 Unicode, Inc.); neither the font nor CLDR is part of the files.")


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
    nodes = casts + list(graph.node)
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


def export_tower(tower, example, name, path):
    """Writes one tower as ONNX with a dynamic batch, and texts of any length up to the context: a short one costs little."""
    names, buffer = TOWERS[name], io.BytesIO()
    axes = {names[0]: {0: "batch", **({1: "length"} if name == "textual" else {})}, names[1]: {0: "batch"}}
    torch.onnx.export(tower, (example,), buffer, input_names=names[:1], output_names=names[1:], dynamic_axes=axes,
                      opset_version=OPSET, do_constant_folding=True)
    model = onnx.load_from_string(buffer.getvalue())
    onnx.checker.check_model(model, full_check=True)
    onnx.save(half_weights(model), str(path))


def load_model(checkpoint, tokenizer):
    """(model ready for export, checkpoint)."""
    state = torch.load(checkpoint, map_location="cpu")
    model = TinyClip(len(tokenizer))
    model.load_state_dict(state["model"])
    model.eval()
    model.image.shrink = True
    model.image.to(memory_format=torch.contiguous_format)
    return model, state


class Exported:
    """The exported files in ONNX Runtime, with the interface of scoring.Embedder."""

    def __init__(self, directory, tokenizer):
        runtime = Runtime(threads=2)
        self.version, self.tokenizer = runtime.version, tokenizer
        self.sessions = {name: Session(runtime, directory / f"{name}.onnx", *io_names) for name, io_names in TOWERS.items()}

    def raw_images(self, pixels):
        """Un-normalised embeddings of uint8 [N, 224, 224, 3]."""
        tensor = lambda x: normalise_pixels(torch.from_numpy(np.ascontiguousarray(x))).contiguous().numpy()
        return np.concatenate([self.sessions["visual"].run(tensor(pixels[i:i + 32])) for i in range(0, len(pixels), 32)])

    def raw_texts(self, texts):
        """Un-normalised embeddings of strings."""
        ids = self.tokenizer.batch(texts)
        return np.concatenate([self.sessions["textual"].run(ids[i:i + 32]) for i in range(0, len(ids), 32)])

    def images(self, pixels):
        """Unit-length embeddings of pictures."""
        return _unit(self.raw_images(pixels))

    def texts(self, texts):
        """Unit-length embeddings of strings."""
        return _unit(self.raw_texts(texts))


def _unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def _golden(embedding):
    return {"embedding_head": [round(float(v), 6) for v in embedding[:8]],
            "norm": round(float(np.linalg.norm(embedding)), 6)}


def self_test(exported):
    """Checks that need no file: texts, one-coloured pictures, and all cosines between them."""
    texts = exported.raw_texts(TEST_TEXTS)
    pictures = np.stack([np.full((IMAGE_SIZE, IMAGE_SIZE, 3), colour, np.uint8) for colour in TEST_COLOURS.values()])
    images = exported.raw_images(pictures)
    cosines = _unit(images) @ _unit(texts).T
    return {
        "computed_with": f"onnxruntime {exported.version}, CPU", "tolerance": 0.002,
        "texts": [{"text": text, **_golden(e)} for text, e in zip(TEST_TEXTS, texts)],
        "images": [{"name": f"solid {name}", "rgb": list(colour), "width": IMAGE_SIZE, "height": IMAGE_SIZE, **_golden(e)}
                   for (name, colour), e in zip(TEST_COLOURS.items(), images)],
        "pairs": [{"image": f"solid {name}", "text": text, "cosine": round(float(cosines[i, j]), 5)}
                  for i, name in enumerate(TEST_COLOURS) for j, text in enumerate(TEST_TEXTS)],
        "cross": [[round(float(v), 5) for v in row] for row in cosines]}


def _file(path):
    data = path.read_bytes()
    return {"path": path.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def write_card(out, model, state, exported, metrics, intermediate, note=""):
    """model.json."""
    files = {name: _file(out / file) for name, file in (("visual", "visual.onnx"), ("textual", "textual.onnx"),
                                                        ("merges", "merges.txt"), ("vocab", "vocab.json"))}
    both = (out / "visual.onnx").read_bytes() + (out / "textual.onnx").read_bytes()
    count = lambda module: sum(p.numel() for p in module.parameters())
    card = {
        "name": "tiny-clip", "revision": hashlib.sha256(both).hexdigest()[:12],
        "description": "A small CLIP trained from scratch on drawn pictures: emoji, coloured shapes, their English names.",
        "license": LICENSE, "dimension": DIMENSION, "image_size": IMAGE_SIZE, "mean": list(MEAN), "std": list(STD),
        "interpolation": "bicubic", "resize_mode": "shortest", "context_length": CONTEXT, "tokenizer": "clip_bpe",
        "merges": "merges.txt", "vocab_size": len(exported.tokenizer),
        "logit_scale": round(float(model.scale.exp()), 6), "logit_bias": 0, "normalized": False, "files": files,
        "training": {"samples": state["step"] * state["batch"], "seconds": round(state["seconds"]),
                     "parameters": count(model.image) + count(model.text), "image_parameters": count(model.image),
                     "text_parameters": count(model.text), "batch": state["batch"], "seed": state["seed"],
                     "data_version": DATA_VERSION, "recipe": "eng/tiny-clip",
                     "curve": "eng/tiny-clip/curve.jsonl", "intermediate": intermediate, "note": note},
        "metrics": metrics or {"note": "intermediate, not evaluated", "aims": AIMS}, "self_test": self_test(exported)}
    (out / "model.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, default=MODEL_DIRECTORY)
    parser.add_argument("--metrics", type=Path, help="JSON of evaluate.py for the card")
    parser.add_argument("--note", default="", help="a remark on the run for the card")
    parser.add_argument("--intermediate", action="store_true", help="mark the card: training was not finished")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer()
    model, state = load_model(arguments.checkpoint, tokenizer)
    ids = torch.from_numpy(tokenizer.batch(["a red apple", "two small blue stars"]))
    export_tower(model.image, torch.randn(2, 3, IMAGE_SIZE, IMAGE_SIZE), "visual", arguments.out / "visual.onnx")
    export_tower(model.text, ids, "textual", arguments.out / "textual.onnx")
    tokenizer.save(arguments.out)
    exported = Exported(arguments.out, tokenizer)
    with torch.no_grad():
        difference = np.abs(model.text(ids).numpy() - exported.sessions["textual"].run(ids.numpy())).max()
    metrics = json.loads(arguments.metrics.read_text()) if arguments.metrics else None
    write_card(arguments.out, model, state, exported, metrics, arguments.intermediate, arguments.note)
    print(f"exported to {arguments.out}; text embeddings differ by at most {difference:.1e} from training's")


if __name__ == "__main__":
    main()
