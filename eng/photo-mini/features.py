"""Features of all pictures and captions, in shards that a second run takes up again: features.py [--threads N]"""
import argparse
import hashlib
import os

import numpy as np

from base import VIEWS, work_directory
from onnxrun import Runtime, Session
from pictures import everything, reduced, view
from tokenizer import Tokenizer

_SHARD, _BATCH = 64, 8


class Towers:
    """The two pre-trained graphs."""

    def __init__(self, threads=2):
        work, runtime = work_directory(), Runtime(threads=threads)
        self.image = Session(runtime, work / "features.onnx", "pixel_values", "features")
        self.text = Session(runtime, work / "text.onnx", ("input_ids", "attention_mask"), "sentence")
        self.tokenizer, self.mean = Tokenizer(work / "vocab.txt"), np.load(work / "mean.npy").astype(np.float32)

    def images(self, pictures):
        """Features of RGB pictures of 224x224."""
        pixels = np.stack([np.asarray(picture, np.float32) for picture in pictures]) - self.mean
        pixels = pixels.transpose(0, 3, 1, 2)
        return np.concatenate([self.image.run(pixels[i:i + _BATCH]) for i in range(0, len(pixels), _BATCH)])

    def texts(self, texts):
        """Vectors of length 1."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        out = np.zeros((len(texts), 384), np.float32)
        for start in range(0, len(order), 32):
            part = order[start:start + 32]
            out[part] = self.text.run(*self.tokenizer.batch([texts[i] for i in part]))
        return out


def _views(picture):
    return VIEWS if picture.kind == "photo" else 1


def shards(pictures):
    """Lists of pictures with the file that keeps their features; another list or other views make another file."""
    for start in range(0, len(pictures), _SHARD):
        part = pictures[start:start + _SHARD]
        key = hashlib.sha256("\n".join(f"{p.name} {_views(p)}" for p in part).encode()).hexdigest()[:16]
        yield part, work_directory() / "features" / f"{key}.npz"


def load():
    """(pictures, features [n, 512], the picture's number of each feature, the view's number)."""
    pictures, features, owners, views = everything(), [], [], []
    for number, (part, path) in enumerate(shards(pictures)):
        kept = np.load(path)
        features.append(kept["features"])
        owners.append(kept["owners"] + number * _SHARD)
        views.append(kept["views"])
    return pictures, *(np.concatenate(x) for x in (features, owners, views))


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    towers = Towers(parser.parse_args().threads)
    pictures = everything()
    (work_directory() / "features").mkdir(exist_ok=True)
    for number, (part, path) in enumerate(shards(pictures)):
        if path.exists():
            continue
        made = [(i, n, view(image, picture.name, n)) for i, picture in enumerate(part)
                for image in [reduced(picture.read())] for n in range(_views(picture))]
        temporary = path.with_suffix(".part.npz")
        np.savez(temporary, features=towers.images([m[2] for m in made]), owners=np.array([m[0] for m in made]),
                 views=np.array([m[1] for m in made]))
        os.replace(temporary, path)
        print(f"{(number + 1) * _SHARD} of {len(pictures)} pictures", flush=True)


if __name__ == "__main__":
    main()
