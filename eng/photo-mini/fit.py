"""Fits the projection from picture features to the text space, in closed form: fit.py

Half of it is a ridge regression over all pictures, half a softmax over the labelled photographs. What can be chosen is chosen by
cross-validation over the labelled photographs; the test set is not looked at. Writes projection-free.npz (pictures of
free licences alone: what may be shipped) and projection-all.npz (to measure what the others would add).
"""
import json
import re
import zlib

import numpy as np

from base import FREE, work_directory
from features import Towers, load
from scoring import recall, ranks, unit

FOLDS = 5
GRID = {"ridge": (0.3, 1.0, 3.0), "sharpness": (6.0, 9.0, 12.0, 18.0), "drawn": (0.1, 0.3, 1.0), "mix": (0.5,)}


def prepared(features):
    """Square roots, length 1."""
    return unit(np.sqrt(np.maximum(features, 0)))


class Projection:
    """What turns features into vectors of the text space."""

    def __init__(self, **arrays):
        self.arrays = arrays

    def images(self, features):
        """Vectors of length 1."""
        a = self.arrays
        x = prepared(features) - a["mean"]
        linear = unit(x @ a["matrix"])
        scores = unit(x) @ a["prototypes"].T * a["sharpness"]
        odds = np.exp(scores - scores.max(1, keepdims=True))
        nearest = unit(odds / odds.sum(1, keepdims=True) @ a["targets"])
        return unit((1 - a["mix"]) * linear + a["mix"] * nearest)

    def texts(self, vectors):
        """Vectors of length 1."""
        return unit(vectors - self.arrays["text_mean"])


class Data:
    """Features, captions and their vectors, loaded once."""

    def __init__(self):
        self.pictures, features, self.owners, self.views = load()
        self.x = prepared(features)
        self.features = features
        texts = sorted({caption for picture in self.pictures for caption in picture.captions})
        key = work_directory() / f"texts-{zlib.crc32(chr(10).join(texts).encode()):08x}.npy"
        if not key.exists():
            np.save(key, Towers().texts(texts))
        self.vector = dict(zip(texts, np.load(key)))
        self.text_mean = np.mean([self.vector[text] for text in texts], axis=0)
        self.target = unit(np.stack([np.mean([self.vector[c] for c in p.captions], axis=0) for p in self.pictures]))
        self.photo = np.array([p.kind == "photo" for p in self.pictures])
        self.free = np.array([p.licence in FREE or p.kind == "drawn" for p in self.pictures])

    def group(self, number):
        """Pictures of one series go into one fold."""
        name = self.pictures[number].name.rsplit(".", 1)[0].lower()
        return zlib.crc32(re.sub(r"[\d_\-]+$", "", name).encode())


def fit(data, chosen, ridge, sharpness, drawn, mix):
    """The projection from the chosen pictures (numbers)."""
    chosen = np.asarray(chosen)
    rows = np.isin(data.owners, chosen)
    owner, x = data.owners[rows], data.x[rows]
    count = np.bincount(owner, minlength=len(data.pictures))
    weight = np.where(data.photo[owner], 1.0, drawn) / count[owner]
    base = data.photo[owner] if data.photo[owner].any() else np.ones(len(owner), bool)
    mean = x[base].mean(0)
    a, b = x - mean, data.target[owner] - data.text_mean
    gram = (a * weight[:, None]).T @ a / weight.sum()
    gram += ridge * np.trace(gram) / len(gram) * np.eye(len(gram))
    matrix = np.linalg.solve(gram, (a * weight[:, None]).T @ b / weight.sum())
    summed = np.zeros((len(data.pictures), x.shape[1]))
    np.add.at(summed, owner, a)
    kept = chosen[count[chosen] > 0]
    if data.photo[kept].any():      # a photograph's neighbours are photographs: cross-validation is better without the drawn
        kept = kept[data.photo[kept]]
    return Projection(mean=mean, matrix=matrix, prototypes=unit(summed[kept]), targets=data.target[kept] - data.text_mean,
                      sharpness=sharpness, mix=mix, text_mean=data.text_mean)


def cross_validated(data, allowed, **settings):
    """Mean recall@5 of held-out photographs by their first caption, among the held-out ones of their fold."""
    scores, fold = [], np.array([data.group(i) % FOLDS for i in range(len(data.pictures))])
    for held in range(FOLDS):
        test = np.where(allowed & data.photo & (fold == held))[0]
        projection = fit(data, np.where(allowed & ~(data.photo & (fold == held)))[0], **settings)
        rows = [np.where((data.owners == i) & (data.views == 0))[0][0] for i in test]
        texts = projection.texts(np.stack([data.vector[data.pictures[i].captions[0]] for i in test]))
        scores.append(recall(ranks(texts, projection.images(data.features[rows]), np.arange(len(test))), 5))
    return float(np.mean(scores))


def choose(data, allowed):
    """The best settings of the grid."""
    best = (-1.0, None)
    for ridge in GRID["ridge"]:
        for sharpness in GRID["sharpness"]:
            for drawn in GRID["drawn"]:
                for mix in GRID["mix"]:
                    settings = {"ridge": ridge, "sharpness": sharpness, "drawn": drawn, "mix": mix}
                    best = max(best, (cross_validated(data, allowed, **settings), settings), key=lambda b: b[0])
    return best


def main():
    """Command line."""
    data, report = Data(), {}
    for name, allowed in (("free", data.free), ("all", np.ones(len(data.pictures), bool))):
        score, settings = choose(data, allowed)
        projection = fit(data, np.where(allowed)[0], **settings)
        np.savez(work_directory() / f"projection-{name}.npz", **projection.arrays)
        report[name] = {"photographs": int((allowed & data.photo).sum()), "drawn_pictures": int((allowed & ~data.photo).sum()),
                        "recall_at_5_cross_validated": round(score, 4), **settings}
    (work_directory() / "fit.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
