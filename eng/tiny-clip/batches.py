"""Training batches. Batch k depends on the seed and on k alone, so a run can be resumed anywhere."""
import numpy as np
import torch

from captions import (carry, category_wording, concept_facts, copies_caption, emoji_caption, known_words, name_caption,
                      pair_caption, scene_caption, scene_facts)
from categories import CATEGORIES
from common import DATA_VERSION, SEED, seeded
from render import COLOUR_NAMES, Backgrounds, emoji_picture, several_picture
from shapes import SHAPES, shape_scene
from tokenizer import split_words

SCENES = 0.2            # share of coloured-shape scenes
CATEGORY_ROWS = 30      # captions of categories, without a picture of their own
NAME_CAPTIONS = 24      # captions of names among many other words, without a picture
PAIRS, COPIES = 0.05, 0.03


class Sample:
    """One picture with its caption, their facts and their labels."""

    def __init__(self, pixels, facts, caption, required, concepts=(), picture_kind=(-1, -1), text_kind=(-1, -1)):
        self.pixels, self.facts, self.caption, self.required = pixels, facts, caption, frozenset(required)
        self.concepts = concepts                    # positions of the shown concepts, for the proxy loss
        self.picture_kind, self.text_kind = picture_kind, text_kind     # (colour, shape) labels or -1


class Batches(torch.utils.data.Dataset):
    """Indexed by step. `size_of(step)` gives the picture size, so that resolution can grow.

    The captions are those of the pictures, then some of names and some of categories.
    """

    def __init__(self, concepts, tokenizer, batch, size_of, seed=SEED):
        self.concepts, self.tokenizer, self.batch, self.size_of, self.seed = concepts, tokenizer, batch, size_of, seed
        self.facts = [concept_facts(concept) for concept in concepts]
        self.known = known_words(concepts, split_words)
        self.banks = {}
        subgroups = {concept["subgroup"] for concept in concepts}
        self.rows = [(phrases, members) for phrases, members in CATEGORIES if subgroups & set(members)]
        self.member = np.array([[c["subgroup"] in members for _, members in self.rows] for c in concepts])
        width = len(concepts)
        rows = {}
        for position, facts in enumerate(self.facts):
            for fact in facts:
                rows.setdefault(fact, np.zeros(width, bool))[position] = True
        self.bits = {fact: np.packbits(row) for fact, row in rows.items()}
        self.none = np.zeros(-(-width // 8), np.uint8)

    def backgrounds(self, size):
        """The bank of backgrounds of one size, drawn at first use."""
        if size not in self.banks:
            self.banks = {size: Backgrounds(size)}
        return self.banks[size]

    def holds_for(self, required, any_of=False):
        """Packed bits over the concepts: for which of them the required facts hold."""
        rows = [self.bits.get(fact, self.none) for fact in required if fact[:2] in ("n:", "t:")]
        if not rows:
            return self.none
        return (np.bitwise_or if any_of else np.bitwise_and).reduce(rows)

    def _emoji(self, position, grounds, rng):
        concept, u = self.concepts[position], rng.random()
        if u < PAIRS:
            other = rng.randrange(len(self.concepts))
            pixels, ground = several_picture([concept, self.concepts[other]], grounds, rng)
            caption, required = pair_caption(concept, self.concepts[other], rng)
            facts, shown = self.facts[position] | self.facts[other] | {"count:2"}, (position, other)
        elif u < PAIRS + COPIES:
            number = rng.choice([2, 3, 4])
            pixels, ground = several_picture([concept] * number, grounds, rng)
            caption, required = copies_caption(concept, number, rng)
            facts, shown = self.facts[position] | {f"count:{number}"}, (position,)
        else:
            pixels, ground = emoji_picture(concept, grounds, rng)
            caption, required = emoji_caption(concept, ground, rng)
            facts, shown = self.facts[position] | {"count:1"}, (position,)
        facts = facts | {"ground:" + ground} if ground else facts
        return Sample(pixels, facts, caption, required, shown)

    def _scene(self, grounds, rng):
        pixels, items, number, ground = shape_scene(grounds, rng)
        caption, required, colour, shape = scene_caption(items, number, ground, rng)
        facts = scene_facts(items, number) | ({"ground:" + ground} if ground else set())
        one = items[0] if len(items) == 1 else None
        label = lambda names, name: names.index(name) if name else -1
        return Sample(pixels, facts, caption, required, (),
                      (label(COLOUR_NAMES, one and one["colour"]), label(SHAPES, one and one["shape"])),
                      (label(COLOUR_NAMES, colour), label(SHAPES, shape)))

    def __getitem__(self, step):
        rng = seeded("batch", DATA_VERSION, self.seed, step)
        grounds = self.backgrounds(self.size_of(step))
        scenes = round(self.batch * SCENES)
        positions = rng.sample(range(len(self.concepts)), self.batch - scenes)
        samples = [self._emoji(position, grounds, rng) for position in positions]
        samples += [self._scene(grounds, rng) for _ in range(scenes)]
        captions = [sample.caption for sample in samples]
        targets = [self.holds_for(s.required, any_of=len(s.concepts) > 1) if s.concepts else self.none for s in samples]
        for concept in rng.sample(self.concepts, min(NAME_CAPTIONS, len(self.concepts))):
            caption, required = name_caption(concept, None, rng)
            captions.append(carry(caption, self.known, rng, 1.0))
            targets.append(self.holds_for(required))
        chosen = rng.sample(range(len(self.rows)), min(CATEGORY_ROWS, len(self.rows)))
        for row in chosen:
            caption, required = category_wording(rng.choice(self.rows[row][0]), rng)
            captions.append(caption)
            targets.append(self.holds_for(required))
        ids = self.tokenizer.batch([carry(c, self.known, rng, 0.5) for c in captions], 40, True, 0.1, rng)
        positive = np.array([[s.required <= other.facts for other in samples] for s in samples])
        np.fill_diagonal(positive, True)
        shown = np.full((self.batch, 2), -1, np.int64)
        for row, sample in zip(shown, samples):
            if sample.concepts:
                row[:] = sample.concepts[0], sample.concepts[-1]
        rows = np.array([self.member[list(s.concepts)].any(0) if s.concepts else self.member[0] & False for s in samples])
        rows = rows[:, chosen]
        blank = [(-1, -1)] * (len(captions) - self.batch)
        return {"pixels": torch.from_numpy(np.stack([s.pixels for s in samples])),
                "ids": torch.from_numpy(ids), "positive": torch.from_numpy(positive),
                "shown": torch.from_numpy(shown), "rows": torch.from_numpy(rows),
                "targets": torch.from_numpy(np.stack(targets)),
                "picture_kind": torch.tensor([s.picture_kind for s in samples]),
                "text_kind": torch.tensor([s.text_kind for s in samples] + blank)}


def unpack(bits, width):
    """bool [N, width] from packed bits."""
    return torch.from_numpy(np.unpackbits(bits.numpy(), axis=1, count=width).astype(bool))
