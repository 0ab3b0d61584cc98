"""Evaluates exported files in ONNX Runtime on the final set and on the sample pictures.

    evaluate.py [DIRECTORY] [--out metrics.json]      the final set: once, at the end
    evaluate.py [DIRECTORY] --demos                   only the demo queries on the sample pictures
"""
import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image

from common import IMAGE_SIZE, MODEL_DIRECTORY, PICTURE_DIRECTORY
from concepts import load_concepts, split_concepts
from export import Exported
from finalset import AIMS, final_scores, reached
from tokenizer import Tokenizer

# Query -> words one of which a right file name contains.
DEMOS = {
    "red apple": ("red-apple",), "a cat": ("cat",), "a dog": ("dog", "poodle"), "blue triangle": ("blue-triangle",),
    "something to drink": ("beer", "mug", "cup", "glass", "wine", "sake", "tea", "beverage", "drink", "milk", "mate",
                           "bottle", "coffee", "tumbler", "liquid"),
    "fruit": ("apple", "banana", "pear", "lemon", "orange", "tangerine", "cherries", "grapes", "melon", "mango", "peach",
              "kiwi", "strawberry", "blueberries", "pineapple", "coconut", "tomato", "olive", "avocado", "watermelon"),
    "sea animal": ("fish", "whale", "dolphin", "octopus", "shark", "crab", "lobster", "squid", "shrimp", "shell", "coral",
                   "jellyfish", "seal", "oyster"),
    "yellow star": ("yellow-star", "star"), "a car": ("car", "automobile", "taxi"), "flag of japan": ("flag-of-japan",)}


def picture_pixels(path):
    """A picture as CLIP takes it: shortest side to 224 (bicubic), centre crop.

    As in torchvision, the long side is cut off after the point, and the crop's corner is rounded to the even number.
    """
    image = Image.open(path).convert("RGB")
    shortest = min(image.size)
    image = image.resize([IMAGE_SIZE * side // shortest for side in image.size], Image.BICUBIC)
    left, top = round((image.width - IMAGE_SIZE) / 2), round((image.height - IMAGE_SIZE) / 2)
    return np.asarray(image.crop((left, top, left + IMAGE_SIZE, top + IMAGE_SIZE)))


def demo_results(embedder, directory=PICTURE_DIRECTORY, first=10):
    """For every demo query the first pictures, and whether the first one is right."""
    paths = sorted(directory.glob("*.jpg"))
    gallery = embedder.images(np.stack([picture_pixels(path) for path in paths]))
    results = {}
    for query, embedding in zip(DEMOS, embedder.texts(list(DEMOS))):
        names = [paths[i].stem for i in np.argsort(-(gallery @ embedding), kind="stable")[:first]]
        right = [any(word in name for word in DEMOS[query]) for name in names]
        results[query] = {"first_is_right": right[0], "right_of_first_10": sum(right), "first": names[:6]}
    own = embedder.texts([path.stem.replace("-", " ") for path in paths])
    ranks = ((own @ gallery.T) >= np.einsum("ij,ij->i", own, gallery)[:, None]).sum(1) - 1
    return {"pictures": len(paths), "file_name_recall_at_1_and_5": [round(float((ranks < k).mean()), 4) for k in (1, 5)],
            "queries": results}


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, nargs="?", default=MODEL_DIRECTORY)
    parser.add_argument("--demos", action="store_true")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    exported = Exported(arguments.directory, Tokenizer.load(arguments.directory))
    demos = demo_results(exported)
    if arguments.demos:
        print(json.dumps(demos, indent=1))
        return
    trained, unseen = split_concepts(load_concepts())
    scores = final_scores(exported, trained, unseen)
    metrics = {"aims": AIMS, "reached": reached(scores), "final_set": scores, "sample_pictures": demos,
               "measured_on": "the exported files, in ONNX Runtime, one run, one seed"}
    text = json.dumps(metrics, indent=1)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
