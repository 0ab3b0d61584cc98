"""The final set: fixed when training had just begun, evaluated once, never used to choose anything.

Its backgrounds, scales, rotations, wordings and held-out combinations are in no training batch and
not in the development set either.
"""
import math

import numpy as np

from captions import NAME_TEMPLATES
from common import IMAGE_SIZE, seeded
from devset import clean_pictures, load_pictures, shape_pictures
from render import TRAIN_SCALES, Backgrounds, any_colour, place
from scoring import CATEGORY_QUERIES, precision_at_10, recall
from shapes import COMBINATIONS, FINAL_HELD, TRAINED

TEMPLATES = ("my grandmother drew the {} on a napkin", "could that be a {}?", "{}, seen through a window",
             "postcard featuring the {}", "guess the word: {}", "wallpaper with one {} for your desktop",
             "the children talked about a {}", "close-up shot of the {}", "nothing beats a {}", "a toy shaped like a {}")
NEW_CATEGORY_WORDINGS = {
    "what swims in the ocean": ("animal-marine", "food-marine"), "i am thirsty, drinks please": ("drink",),
    "healthy fruit from the market": ("food-fruit",), "birds of the forest": ("animal-bird",),
    "bouquet flower": ("plant-flower",), "instruments of an orchestra": ("musical-instrument",),
    "vehicles on the street": ("transport-ground",), "clothes for winter": ("clothing",),
    "sweet dessert after dinner": ("food-sweet",), "insects in the grass": ("animal-bug",)}
AIMS = {"training-like recall@1": 0.75, "training-like recall@5": 0.94, "all new recall@1": 0.30,
        "all new recall@5": 0.55, "held-out shapes top-1": 0.80, "categories precision@10": 0.60}
PER_COMBINATION = 12


def _mix(u, rng):
    return any_colour(rng) * (1 - u[..., None]) + any_colour(rng) * u[..., None]


def _bricks(size, rng):
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    rows = rng.uniform(5, 10)
    row = np.floor(y * rows)
    column = x * rows / 2 + (row % 2) * 0.5
    joint = ((y * rows) % 1 < 0.14) | (column % 1 < 0.07)
    return _mix(joint.astype(np.float32), rng)


def _rings(size, rng):
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    distance = np.hypot(x - rng.uniform(0.1, 0.9), y - rng.uniform(0.1, 0.9))
    return _mix((np.floor(distance * rng.uniform(6, 14)) % 2).astype(np.float32), rng)


def _plaid(size, rng):
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    period = rng.uniform(3, 8)
    u = 0.5 * ((x * period) % 1 < 0.45) + 0.5 * ((y * period) % 1 < 0.45)
    return _mix(u.astype(np.float32), rng)


def _cells(size, rng):
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    seeds = [(rng.random(), rng.random()) for _ in range(rng.randint(8, 24))]
    nearest = np.argmin([(x - a) ** 2 + (y - b) ** 2 for a, b in seeds], axis=0)
    return np.stack([any_colour(rng) for _ in seeds])[nearest]


def _spotlight(size, rng):
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
    angle = rng.random() * math.pi
    along, across = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    u = np.exp(-(along ** 2 * 14 + across ** 2 * 5))
    return _mix(u, rng) * (0.8 + 0.4 * ((x + y) * 20 % 1 > 0.5))[..., None]


BACKGROUNDS = (_bricks, _rings, _plaid, _cells, _spotlight)


def _background(rng, kinds=BACKGROUNDS):
    return np.clip(rng.choice(kinds)(IMAGE_SIZE, rng), 0, 255).astype(np.float32)


def _control():
    """As many trained combinations, to compare the held-out ones with."""
    return seeded("final", "control").sample(TRAINED, len(FINAL_HELD))


def _build(concepts, unseen):
    """All pictures of the final set."""
    rng = seeded("final", "training-like")
    bank = Backgrounds(IMAGE_SIZE, 300, "final")
    familiar = [place(bank.pick(rng)[0], c, rng.uniform(*TRAIN_SCALES), rng.uniform(-20, 20), rng) for c in concepts]

    def new_one(concept, rng):
        scale = rng.uniform(0.26, 0.32) if rng.random() < 0.5 else rng.uniform(0.98, 1.06)
        return place(_background(rng), concept, scale, rng.choice([-1, 1]) * rng.uniform(20, 30), rng)

    rng = seeded("final", "new")
    new = [new_one(c, rng) for c in concepts]
    calm = lambda rng: _background(rng, (_rings, _cells, _spotlight))
    return {"familiar": np.stack(familiar), "new": np.stack(new), "clean": clean_pictures(concepts, "final"),
            "unseen": clean_pictures(unseen, "final unseen"),
            "shapes": shape_pictures(FINAL_HELD, PER_COMBINATION, calm, "final"),
            "control": shape_pictures(_control(), PER_COMBINATION, calm, "final control")}


def final_scores(embedder, concepts, unseen):
    """All figures of the card."""
    pictures = {k: embedder.images(v) for k, v in load_pictures("final", lambda: _build(concepts, unseen)).items()}
    rng = seeded("final", "words")
    texts = lambda templates: embedder.texts([rng.choice(templates).format(c["name"]) for c in concepts])
    like_words, new_words = texts(NAME_TEMPLATES), texts(TEMPLATES)
    shapes = embedder.texts([f"a {colour} {shape}" for colour, shape in COMBINATIONS])
    index = lambda combinations: [COMBINATIONS.index(c) for c in combinations for _ in range(PER_COMBINATION)]
    subgroups = [c["subgroup"] for c in concepts]
    known = precision_at_10(CATEGORY_QUERIES, embedder.texts(list(CATEGORY_QUERIES)), pictures["clean"], subgroups)
    wordings = precision_at_10(NEW_CATEGORY_WORDINGS, embedder.texts(list(NEW_CATEGORY_WORDINGS)), pictures["clean"],
                               subgroups)
    mean = lambda figures: round(float(np.mean(list(figures.values()))), 3)
    return {
        "text_to_image": {
            "training_like": recall(like_words, pictures["familiar"]), "all_new": recall(new_words, pictures["new"]),
            "new_pictures_known_words": recall(like_words, pictures["new"]),
            "known_pictures_new_words": recall(new_words, pictures["familiar"]),
            "clean_pictures": recall(like_words, pictures["clean"])},
        "image_to_text": {"training_like": recall(pictures["familiar"], like_words),
                          "all_new": recall(pictures["new"], new_words)},
        "held_out_shapes_top_1_and_5": recall(pictures["shapes"], shapes, index(FINAL_HELD)),
        "trained_shapes_top_1_and_5": recall(pictures["control"], shapes, index(_control())),
        "categories_precision_at_10": mean(known), "per_category": known,
        "categories_new_wording_precision_at_10": mean(wordings), "per_category_new_wording": wordings,
        "unseen_concepts_of_60": recall(embedder.texts([f"a photo of a {c['name']}" for c in unseen]), pictures["unseen"])}


def reached(scores):
    """The figures that the aims are about, beside the aims."""
    like, new = scores["text_to_image"]["training_like"], scores["text_to_image"]["all_new"]
    figures = [like[0], like[1], new[0], new[1], scores["held_out_shapes_top_1_and_5"][0],
               scores["categories_precision_at_10"]]
    return {name: {"aim": aim, "reached": figure, "met": figure >= aim}
            for (name, aim), figure in zip(AIMS.items(), figures)}
