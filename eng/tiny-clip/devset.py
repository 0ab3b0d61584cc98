"""The development set: looked at while the recipe is made. The final set is another one (finalset.py)."""
import numpy as np

from common import IMAGE_SIZE, seeded, work_directory
from concepts import load_concepts, split_concepts
from render import DEVELOPMENT_BACKGROUNDS, draw_background, place
from scoring import CATEGORY_QUERIES, Embedder, precision_at_10, recall
from shapes import COMBINATIONS, DEVELOPMENT_HELD, contrasts, single_shape

TEMPLATES = ("here you can see a {} up close", "look at this {}", "a sticker with the {} printed on it",
             "my favourite {}", "we found a {} today", "render of one {}, high quality")
PER_COMBINATION = 8


def _white():
    return np.full((IMAGE_SIZE, IMAGE_SIZE, 3), 255, np.float32)


def clean_pictures(concepts, name):
    """Every concept on white, large, upright and without any augmentation."""
    rng = seeded(name, "clean")
    return np.stack([place(_white(), c, 0.76, 0.0, rng, augment=False) for c in concepts])


def _new_conditions(concepts):
    rng, pictures = seeded("development", "new"), []
    for concept in concepts:
        canvas = draw_background(rng.choice(DEVELOPMENT_BACKGROUNDS), IMAGE_SIZE, rng).astype(np.float32)
        scale = rng.uniform(0.27, 0.32) if rng.random() < 0.5 else rng.uniform(0.98, 1.06)
        pictures.append(place(canvas, concept, scale, rng.choice([-1, 1]) * rng.uniform(20, 30), rng))
    return np.stack(pictures)


def shape_pictures(combinations, number, draw, name):
    """`number` pictures of every combination on calm backgrounds that `draw(rng)` gives."""
    rng, pictures = seeded(name, "shapes"), []
    for colour, shape in combinations:
        for _ in range(number):
            for _ in range(20):
                canvas = draw(rng)
                canvas = canvas * 0.35 + canvas[IMAGE_SIZE // 2, IMAGE_SIZE // 2] * 0.65
                if contrasts(canvas, [colour]):
                    break
            pictures.append(single_shape(canvas, colour, shape, rng, augment=False))
    return np.stack(pictures)


def _build(concepts):
    draw = lambda rng: draw_background(rng.choice(("bokeh", "radial", "stripes")), IMAGE_SIZE, rng).astype(np.float32)
    return {"clean": clean_pictures(concepts, "development"), "new": _new_conditions(concepts),
            "shapes": shape_pictures(DEVELOPMENT_HELD, PER_COMBINATION, draw, "development")}


def load_pictures(name, build):
    """The pictures of a set, drawn once and kept in the work directory."""
    path = work_directory() / f"{name}.npz"
    if not path.exists():
        np.savez(path, **build())
    with np.load(path) as file:
        return dict(file)


def development_scores(embedder, concepts):
    """All development figures."""
    pictures = load_pictures("development", lambda: _build(concepts))
    names = [f"a photo of a {c['name']}" for c in concepts]
    templates = [TEMPLATES[i % len(TEMPLATES)].format(c["name"]) for i, c in enumerate(concepts)]
    clean, new = embedder.images(pictures["clean"]), embedder.images(pictures["new"])
    plain, held = embedder.texts(names), embedder.texts(templates)
    combinations = embedder.texts([f"a {colour} {shape}" for colour, shape in COMBINATIONS])
    truth = [COMBINATIONS.index(c) for c in DEVELOPMENT_HELD for _ in range(PER_COMBINATION)]
    categories = precision_at_10(CATEGORY_QUERIES, embedder.texts(list(CATEGORY_QUERIES)), clean,
                                 [c["subgroup"] for c in concepts])
    return {"clean": recall(plain, clean), "clean, new words": recall(held, clean), "new pictures": recall(plain, new),
            "all new": recall(held, new),
            "held-out shapes": recall(embedder.images(pictures["shapes"]), combinations, truth),
            "categories": round(float(np.mean(list(categories.values()))), 3), "per category": categories}


def measure_development(trainer):
    """For train.py."""
    return development_scores(Embedder(trainer.model, trainer.tokenizer, trainer.device), trainer.concepts)


def main():
    """Command line: the development scores of a checkpoint."""
    import argparse
    import json
    from pathlib import Path

    import torch

    from model import TinyClip
    from prepare import load_tokenizer
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("checkpoint", type=Path)
    state = torch.load(parser.parse_args().checkpoint, map_location="cpu")
    torch.set_num_threads(1)
    tokenizer = load_tokenizer()
    model = TinyClip(len(tokenizer))
    model.load_state_dict(state["model"])
    scores = development_scores(Embedder(model, tokenizer), split_concepts(load_concepts())[0])
    print(json.dumps({"samples": state["step"] * state["batch"], "seconds": round(state["seconds"]), "development": scores}))


if __name__ == "__main__":
    main()
