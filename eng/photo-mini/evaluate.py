"""Measures on the test set, which was written before anything was trained: evaluate.py [--curve] [--out metrics.json]"""
import argparse
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from base import HERE, TINY_CLIP, seeded, table, work_directory
from features import Towers
from fetch import folder
from fit import Data, Projection, fit
from pictures import cut
from scoring import by_chance, found, ranks, recall, summary

_SHA256 = {"test.tsv": "2ad220fe8597b88e3480f533a04ea10378323addc420b6bb433308072435902c",
           "queries.tsv": "6ba0bc1798fb51502706dc365a66b5e7464036e95fba93f02843491edd2f9ffc"}
SUBSETS = 5


class TestSet:
    """Photographs, captions and queries."""

    def __init__(self):
        for name, digest in _SHA256.items():
            if hashlib.sha256((HERE / name).read_bytes()).hexdigest() != digest:
                raise SystemExit(f"{name} was changed: the test set is fixed")
        rows = table("test.tsv", 3)
        self.paths = [folder("test") / "photos" / file for file, _, _ in rows]
        self.captions = [caption for _, _, caption in rows if caption]
        self.own = np.array([i for i, row in enumerate(rows) if row[2]])
        places = {file: i for i, (file, _, _) in enumerate(rows)}
        queries = table("queries.tsv", 2)
        self.queries = [query for query, _ in queries]
        self.right = [{places[file] for file in files.split()} for _, files in queries]
        for path, (file, digest, _) in zip(self.paths, rows):
            if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                raise SystemExit(f"{file}: another picture than in test.tsv")

    def pictures(self):
        """Cut as the models take them."""
        return [cut(Image.open(path).convert("RGB")) for path in self.paths]

    def measured(self, images, captions, queries):
        """(figures, what every query brought) of unit vectors."""
        results = found(queries, images, self.right)
        return summary(ranks(captions, images, self.own), results), results


def _tiny_clip(test):
    """The embedded model's vectors; its recipe has a module of the same name, so it runs on its own."""
    script = ("import json, sys, numpy as np; from export import Exported; from tokenizer import Tokenizer; "
              "from common import MODEL_DIRECTORY as m; from pathlib import Path; w = Path(sys.argv[1]); "
              "e = Exported(m, Tokenizer.load(m)); np.savez(w / 'tiny.npz', i=e.images(np.load(w / 'tiny-pixels.npy')), "
              "c=e.texts(json.loads(sys.argv[2])), q=e.texts(json.loads(sys.argv[3])))")
    work = work_directory()
    np.save(work / "tiny-pixels.npy", np.stack([np.asarray(picture) for picture in test.pictures()]))
    subprocess.run([sys.executable, "-c", script, str(work), json.dumps(test.captions), json.dumps(test.queries)],
                   cwd=TINY_CLIP, check=True)
    kept = np.load(work / "tiny.npz")
    return kept["i"], kept["c"], kept["q"]


def _curve(data, settings, allowed, measure):
    """Recall@5 over the number of captioned photographs, mean of several subsets."""
    photos, drawn = np.where(allowed & data.photo)[0], np.where(allowed & ~data.photo)[0]
    rows, count = [], 0
    while True:
        count = min(count, len(photos))
        draws = [sorted(seeded("curve", count, n).sample(photos.tolist(), count)) for n in range(SUBSETS if 0 < count < len(photos) else 1)]
        scores = [measure(fit(data, np.concatenate([np.array(draw, int), drawn]), **settings)) for draw in draws]
        rows.append([count, *(round(float(v), 3) for v in np.mean(scores, axis=0))])
        if count == len(photos):
            return rows
        count = max(25, count * 2)


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    test, towers, work = TestSet(), Towers(), work_directory()
    features, captions, queries = towers.images(test.pictures()), towers.texts(test.captions), towers.texts(test.queries)
    settings = json.loads((work / "fit.json").read_text(encoding="utf-8"))
    metrics = {"test_set": {"photographs": len(test.paths), "captions": len(test.captions), "queries": len(test.queries),
                            "sha256": _SHA256}, "chance": by_chance(len(test.paths), test.right)}
    metrics["tiny-clip"], _ = test.measured(*_tiny_clip(test))
    data = Data() if arguments.curve else None
    for name in ("free", "all"):
        projection = Projection(**np.load(work / f"projection-{name}.npz"))
        figures, results = test.measured(projection.images(features), projection.texts(captions), projection.texts(queries))
        metrics[name] = {**settings[name], **figures}
        if name == "free":
            metrics["per_query"] = {query: {"right": len(right), "of_5": result["of_5"],
                                            "first": [test.paths[i].stem for i in result["order"]]}
                                    for query, right, result in zip(test.queries, test.right, results)}
        if arguments.curve:
            def measure(projection):
                images = projection.images(features)
                places = ranks(projection.texts(captions), images, test.own)
                hits = found(projection.texts(queries), images, test.right)
                return [recall(places, k) for k in (1, 5, 10)] + [np.mean([h["any_of_5"] for h in hits])]
            allowed = data.free if name == "free" else np.ones(len(data.pictures), bool)
            chosen = {key: settings[name][key] for key in ("ridge", "sharpness", "drawn", "mix")}
            metrics[name]["curve"] = _curve(data, chosen, allowed, measure)
    text = json.dumps(metrics, indent=1)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
