"""Embedding pictures and texts, recall, precision: shared by the development and the final set."""
import numpy as np
import torch
import torch.nn.functional as F

from model import normalise_pixels


class Embedder:
    """Unit-length embeddings out of the torch model, at the full input size."""

    def __init__(self, model, tokenizer, device="cpu"):
        self.model, self.tokenizer, self.device = model, tokenizer, device

    def _run(self, tower, items):
        training, shrink = self.model.training, self.model.image.shrink
        self.model.eval()
        self.model.image.shrink = True
        with torch.no_grad():
            out = torch.cat([tower(items[i:i + 64]).cpu() for i in range(0, len(items), 64)])
        self.model.train(training)
        self.model.image.shrink = shrink
        return F.normalize(out, dim=-1).numpy()

    def images(self, pixels):
        """[N, 512] of uint8 [N, 224, 224, 3]."""
        def tower(x):
            return self.model.image(normalise_pixels(torch.from_numpy(np.ascontiguousarray(x)).to(self.device)))
        return self._run(tower, pixels)

    def texts(self, texts):
        """[N, 512] of strings."""
        ids = self.tokenizer.batch(texts, trim=True)
        return self._run(lambda x: self.model.text(torch.from_numpy(x).to(self.device)), ids)


def recall(queries, gallery, truth=None, at=(1, 5)):
    """Share of queries whose true item is among the first k; ties count as misses."""
    scores = queries @ gallery.T
    truth = np.arange(len(scores)) if truth is None else np.asarray(truth)
    own = scores[np.arange(len(scores)), truth]
    rank = (scores >= own[:, None]).sum(1) - 1
    return [round(float((rank < k).mean()), 4) for k in at]


def precision_at_10(queries, texts, gallery, subgroups):
    """Per query the share of right pictures among the first ten; `queries`: text -> right subgroups."""
    result = {}
    for text, embedding in zip(queries, texts):
        first = np.argsort(-(gallery @ embedding), kind="stable")[:10]
        result[text] = round(float(np.mean([subgroups[i] in queries[text] for i in first])), 3)
    return result


CATEGORY_QUERIES = {
    "sea animal": ("animal-marine", "food-marine"), "fruit": ("food-fruit",), "something to drink": ("drink",),
    "drink": ("drink",), "bird": ("animal-bird",), "flower": ("plant-flower",), "insect": ("animal-bug",),
    "an animal that lives in the sea": ("animal-marine", "food-marine"),
    "animal": ("animal-mammal", "animal-bird", "animal-marine", "animal-bug", "animal-reptile", "animal-amphibian",
               "cat-face", "monkey-face"),
    "vehicle": ("transport-ground", "transport-water", "transport-air"),
    "transport": ("transport-ground", "transport-water", "transport-air"),
    "musical instrument": ("musical-instrument",), "national flag": ("country-flag", "subdivision-flag"),
    "sport": ("sport", "person-sport"), "clothing": ("clothing",), "something to wear": ("clothing",),
    "dessert": ("food-sweet",), "vegetable": ("food-vegetable",), "building": ("place-building", "place-religious"),
    "happy face": ("face-smiling", "face-affection", "cat-face"), "weather": ("sky & weather",),
    "something to eat": ("food-fruit", "food-vegetable", "food-prepared", "food-asian", "food-marine", "food-sweet")}
