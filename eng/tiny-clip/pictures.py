"""Draws the sample pictures of the image-search flow: JPEG files named by what they show.

    pictures.py [DIRECTORY]

The pictures are not among the training pictures: they are larger (256 to 320 pixels), have other
seeds and are stored as JPEG.
"""
import re
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from common import PICTURE_DIRECTORY, seeded
from concepts import load_concepts, split_concepts
from render import COLOUR_NAMES, COLOURS, any_colour, draw_background, flips, jitter, paste_glyph
from shapes import SHAPES, TRAINED, contrasts, paste_shape

QUALITY = 85
SUBGROUPS = ("animal-mammal", "animal-bird", "animal-amphibian", "animal-reptile", "animal-marine", "animal-bug",
             "plant-flower", "plant-other", "food-fruit", "food-vegetable", "food-prepared", "food-asian", "food-marine",
             "food-sweet", "drink", "dishware", "place-geographic", "place-building", "place-religious", "place-other",
             "transport-ground", "transport-water", "transport-air", "sky & weather", "event", "sport", "game", "clothing",
             "music", "musical-instrument", "phone", "computer", "light & video", "tool", "science", "household",
             "face-smiling", "face-affection", "face-concerned", "face-negative", "face-costume", "cat-face", "monkey-face")
FLAGS = ("flag of germany", "flag of france", "flag of italy", "flag of japan", "flag of brazil", "flag of canada",
         "flag of india", "flag of south africa", "flag of united kingdom", "flag of united states", "flag of sweden",
         "flag of australia")
# Weather has clocks of the moon and faces of moons beside rain and sun: the picture set needs no more of them.
_LEFT_OUT = re.compile(r"moon face|sun with face|button|sign$")
SCENES = 64

LICENCE = """# Licence of these pictures

The pictures in this directory are drawn by `eng/tiny-clip/pictures.py`; run it to draw them again.

* **Coloured shapes** (`red-circle.jpg`, `blue-triangle.jpg`, ... and every `two-...`, `three-...` scene) and all
  backgrounds are drawn by that script and have the licence of this repository.
* **All other motifs** are single glyphs of the font *Noto Color Emoji*, drawn from Debian's package
  `fonts-noto-color-emoji`. Its copyright file says: copyright 2013-2017 Google Inc. and Arjen Nienhuis; the files of
  the package are under the Apache License 2.0, the fonts under the SIL Open Font License 1.1. The font itself is
  not part of this repository. The OFL says that the requirement for fonts to remain under it does not apply to
  documents made with the fonts, which is what these pictures are.
* **File names** follow the names of the Unicode CLDR (Debian's `unicode-cldr-core`): copyright 1991-2022
  Unicode, Inc., Unicode licence (Unicode-DFS-2016).
"""


def file_name(text):
    """kebab-case, ASCII."""
    plain = text.lower().replace("’", "").replace("'", "").replace("é", "e").replace("ñ", "n").replace("ã", "a")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") + ".jpg"


def _gradient(size, rng, light):
    top, bottom = (any_colour(rng) * 0.4 + 150 if light else any_colour(rng) for _ in range(2))
    u = np.linspace(0, 1, size, dtype=np.float32)[:, None, None]
    return np.broadcast_to(top * (1 - u) + bottom * u, (size, size, 3)).copy()


def clean_background(size, rng):
    """White in half of the cases, else pale, coloured, a gradient, or (one in ten) textured."""
    u = rng.random()
    if u < 0.5:
        return np.full((size, size, 3), 255, np.float32)
    if u < 0.65:
        return np.broadcast_to((any_colour(rng) * 0.2 + 204), (size, size, 3)).astype(np.float32)
    if u < 0.75:
        return np.broadcast_to(np.array(jitter(COLOURS[rng.choice(COLOUR_NAMES)], rng), np.float32), (size, size, 3)).copy()
    if u < 0.9:
        return _gradient(size, rng, light=True)
    kind = rng.choice(("noise", "patches", "waves", "fractal"))
    return draw_background(kind, size, rng).astype(np.float32) * 0.4 + 140


def motif_picture(concept, rng):
    """One concept, large enough to be recognised."""
    size = rng.choice((256, 272, 288, 304, 320))
    canvas = clean_background(size, rng)
    if concept["group"] == "Flags" and canvas.mean() > 200:
        canvas = canvas * 0.85
    scale = rng.uniform(0.55, 0.9)
    margin = size * (1 - scale) / 2
    return paste_glyph(canvas, concept, size / 2 + rng.uniform(-margin, margin), size / 2 + rng.uniform(-margin, margin),
                       scale * size, rng.uniform(-10, 10), flips(concept, rng))


def shape_picture(shapes, rng):
    """Shapes beside each other: a list of (colour, shape)."""
    size = rng.choice((256, 288, 320))
    for _ in range(50):
        canvas = clean_background(size, rng)
        if contrasts(canvas, [colour for colour, _ in shapes]):
            break
    places = {1: ((.5, .5),), 2: ((.28, .5), (.72, .5)), 3: ((.5, .27), (.27, .7), (.73, .7))}[len(shapes)]
    radius = {1: rng.uniform(0.25, 0.4), 2: 0.18, 3: 0.17}[len(shapes)] * size
    for (colour, shape), (x, y) in zip(shapes, places):
        canvas = paste_shape(canvas, shape, COLOURS[colour], x * size, y * size, radius, rng.uniform(-8, 8))
    return canvas


def chosen_concepts():
    """The everyday concepts among the trained ones, and a few flags."""
    for concept in split_concepts(load_concepts())[0]:
        if concept["name"] in FLAGS or (concept["subgroup"] in SUBGROUPS and not _LEFT_OUT.search(concept["name"])):
            yield concept


def pictures():
    """(file name, float pixels) of every sample picture."""
    names = set()
    for concept in chosen_concepts():
        name = file_name(concept["name"])
        if name not in names:
            names.add(name)
            yield name, motif_picture(concept, seeded("pictures", concept["name"]))
    rng = seeded("pictures", "shapes")
    wanted = [("blue", "triangle"), ("red", "circle"), ("red", "square"), ("yellow", "star"), ("green", "square")]
    single = wanted + [c for c in rng.sample(TRAINED, len(TRAINED)) if c not in wanted]
    for colour, shape in single[:SCENES - 16]:
        name = file_name(f"{colour} {shape}")
        if name not in names:
            names.add(name)
            yield name, shape_picture([(colour, shape)], rng)
    for number, word in ((2, "two"), (3, "three")):
        for colour, shape in rng.sample(TRAINED, 5):
            plural = shape + ("es" if shape == "cross" else "s")
            yield file_name(f"{word} {colour} {plural}"), shape_picture([(colour, shape)] * number, rng)
    for _ in range(6):
        first, second = rng.sample([c for c in TRAINED if c[1] in SHAPES[:4]], 2)
        yield file_name(f"{' '.join(first)} and {' '.join(second)}"), shape_picture([first, second], rng)


def main():
    """Command line."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE_DIRECTORY
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("*.jpg"):
        old.unlink()
    total = number = 0
    for name, pixels in pictures():
        path = directory / name
        Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(path, quality=QUALITY, optimize=True)
        total, number = total + path.stat().st_size, number + 1
    (directory / "LICENSE.md").write_text(LICENCE, encoding="utf-8")
    print(f"{number} pictures, {total / 1e6:.2f} MB in {directory}")


if __name__ == "__main__":
    main()
