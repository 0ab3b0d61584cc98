"""Scenes of coloured shapes, and the colour x shape combinations that training never sees."""
import math

import numpy as np
from PIL import Image, ImageDraw

from common import seeded
from render import COLOUR_NAMES, COLOURS, finish, jitter

SHAPES = ("circle", "square", "triangle", "star", "heart", "diamond", "hexagon", "cross", "ring", "crescent",
          "oval", "pentagon")
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}
COMBINATIONS = [(colour, shape) for colour in COLOUR_NAMES for shape in SHAPES]
# Combinations that some emoji shows anyway cannot be held out.
_SHOWN_BY_EMOJI = {
    ("yellow", "star"), ("white", "star"), ("red", "triangle"), ("orange", "diamond"), ("blue", "diamond"),
    ("yellow", "crescent"), ("red", "cross"), ("green", "cross"), ("gray", "cross"), ("black", "cross"),
    ("white", "cross"), ("red", "ring"), ("red", "diamond"), ("red", "circle"), ("blue", "triangle")}
DEVELOPMENT_COMBINATIONS = 10


def _held_out():
    allowed = [c for c in COMBINATIONS if c[1] not in ("circle", "square", "heart") and c not in _SHOWN_BY_EMOJI]
    rng = seeded("held-out combinations")
    rng.shuffle(allowed)
    chosen = []
    for colour, shape in allowed:
        if sum(c == colour for c, _ in chosen) < 3 and sum(s == shape for _, s in chosen) < 4:
            chosen.append((colour, shape))
    return chosen[:30]


HELD_OUT = _held_out()
DEVELOPMENT_HELD, FINAL_HELD = HELD_OUT[:DEVELOPMENT_COMBINATIONS], HELD_OUT[DEVELOPMENT_COMBINATIONS:]
_HELD_SET = set(HELD_OUT)
TRAINED = [c for c in COMBINATIONS if c not in _HELD_SET]


def plural(shape):
    """crosses, stars, ..."""
    return shape + ("es" if shape == "cross" else "s")


def _regular(corners, inner=None):
    count = corners * (2 if inner else 1)
    points = []
    for i in range(count):
        angle = i * 2 * math.pi / count - math.pi / 2
        radius = inner if inner and i % 2 else 1
        points.append((radius * math.cos(angle), radius * math.sin(angle)))
    return points


def _heart(t):
    y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
    return 0.96 * math.sin(t) ** 3, -0.06 * y


_TURN = [i * 2 * math.pi / 40 for i in range(40)]
_OUTLINES = {
    "circle": [(math.cos(t), math.sin(t)) for t in _TURN],
    "oval": [(math.cos(t), 0.58 * math.sin(t)) for t in _TURN],
    "square": [(-0.82, -0.82), (0.82, -0.82), (0.82, 0.82), (-0.82, 0.82)],
    "triangle": [(0, -0.95), (0.95, 0.8), (-0.95, 0.8)],
    "star": _regular(5, 0.42), "hexagon": _regular(6), "pentagon": _regular(5),
    "diamond": [(0, -1), (0.68, 0), (0, 1), (-0.68, 0)],
    "cross": [(-.3, -.95), (.3, -.95), (.3, -.3), (.95, -.3), (.95, .3), (.3, .3), (.3, .95), (-.3, .95), (-.3, .3),
              (-.95, .3), (-.95, -.3), (-.3, -.3)],
    "heart": [_heart(t) for t in _TURN],
    "crescent": [(math.cos(t), math.sin(t)) for t in np.linspace(0.9, 2 * math.pi - 0.9, 30)]
                + [(0.38 + 0.7 * math.cos(t), 0.8 * math.sin(t)) for t in np.linspace(2 * math.pi - 1.1, 1.1, 24)]}
_OUTLINES["ring"] = _OUTLINES["circle"]


def _transformed(points, x, y, radius, degrees):
    cos, sin = math.cos(math.radians(degrees)) * radius, math.sin(math.radians(degrees)) * radius
    return [(x + px * cos - py * sin, y + px * sin + py * cos) for px, py in points]


def _draw_texture(draw, texture, x, y, radius, degrees):
    if texture == "striped":
        step = 0.42
        for i in range(-5, 6):
            box = [(i * step, -2), (i * step + step * 0.42, -2), (i * step + step * 0.42, 2), (i * step, 2)]
            draw.polygon(_transformed(box, x, y, radius, degrees), fill=0)
    else:
        dot = radius * 0.11
        for i in range(-4, 5):
            for j in range(-4, 5):
                cx, cy = x + (i + j % 2 / 2) * radius * 0.45, y + j * radius * 0.45
                draw.ellipse((cx - dot, cy - dot, cx + dot, cy + dot), fill=0)


def paste_shape(canvas, shape, colour, x, y, radius, degrees=0.0, texture=None):
    """Draws one shape (coordinates and radius in pixels) on float pixels, drawn at twice the size."""
    side = canvas.shape[0]
    mask = Image.new("L", (2 * side, 2 * side), 0)
    draw = ImageDraw.Draw(mask)
    x, y, radius = 2 * x, 2 * y, 2 * radius
    draw.polygon(_transformed(_OUTLINES[shape], x, y, radius, degrees), fill=255)
    if shape == "ring":
        draw.polygon(_transformed(_OUTLINES["circle"], x, y, radius * 0.55, degrees), fill=0)
    elif texture == "outlined":
        draw.polygon(_transformed(_OUTLINES[shape], x, y, radius * 0.68, degrees), fill=0)
    elif texture:
        _draw_texture(draw, texture, x, y, radius, degrees)
    alpha = np.asarray(mask.reduce(2)).astype(np.float32)[..., None] / 255
    return canvas * (1 - alpha) + np.array(colour, np.float32) * alpha


def contrasts(pixels, colours):
    """Whether the picture's mean colour is far from each of the named colours."""
    mean = pixels.reshape(-1, 3)[::97].mean(0)
    return all(sum(abs(a - b) for a, b in zip(mean, COLOURS[name])) > 150 for name in colours)


def contrasting_background(backgrounds, colours, rng):
    """A background that the shapes can be seen on: (float pixels, colour name or None)."""
    for _ in range(20):
        pixels, name = backgrounds.pick(rng)
        if name not in colours and contrasts(pixels, colours):
            break
    return pixels, name


_GRIDS = {2: ((.28, .5), (.72, .5)), 3: ((.5, .27), (.27, .7), (.73, .7)),
          4: ((.27, .27), (.73, .27), (.27, .73), (.73, .73)),
          5: ((.22, .22), (.78, .22), (.22, .78), (.78, .78), (.5, .5))}


def _random_shape(rng):
    colour, shape = rng.choice(TRAINED)
    texture = rng.choice([None] * 6 + ["striped", "dotted", "outlined"]) if shape != "ring" else None
    return {"colour": colour, "shape": shape, "texture": texture, "size": rng.choice([None, None, "small", "big"])}


def single_shape(canvas, colour, shape, rng, size=None, texture=None, augment=True):
    """One shape somewhere on the canvas."""
    side = canvas.shape[0]
    low, high = {"small": (0.16, 0.24), "big": (0.36, 0.45), None: (0.2, 0.43)}[size]
    radius = rng.uniform(low, high) * side
    margin = (side / 2 - radius) * 0.85
    x, y = side / 2 + rng.uniform(-margin, margin), side / 2 + rng.uniform(-margin, margin)
    pixels = paste_shape(canvas, shape, jitter(COLOURS[colour], rng, 14), x, y, radius, rng.uniform(-12, 12), texture)
    return finish(pixels, rng, augment)


def shape_scene(backgrounds, rng):
    """A training scene: (pixels, list of shapes, count of copies, background colour name)."""
    first, u = _random_shape(rng), rng.random()
    if u < 0.68:
        canvas, ground = contrasting_background(backgrounds, [first["colour"]], rng)
        pixels = single_shape(canvas, first["colour"], first["shape"], rng, first["size"], first["texture"])
        return pixels, [first], 1, ground
    if u < 0.86:
        number = rng.choice([2, 3, 4, 5])
        items, positions = [first] * number, _GRIDS[number]
        radius = {"small": 0.11, "big": 0.2, None: rng.uniform(0.13, 0.19)}[first["size"]] * (0.85 if number == 5 else 1)
        radii = [radius] * number
    else:
        number, second = 1, _random_shape(rng)
        items, positions = [first, second], _GRIDS[2]
        radii = [{"small": 0.11, "big": 0.22, None: rng.uniform(0.14, 0.2)}[item["size"]] for item in items]
    if len(items) == 2 and rng.random() < 0.5:
        positions = [(y, x) for x, y in positions]
    canvas, ground = contrasting_background(backgrounds, [item["colour"] for item in items], rng)
    side = canvas.shape[0]
    for item, (x, y), radius in zip(items, positions, radii):
        canvas = paste_shape(canvas, item["shape"], jitter(COLOURS[item["colour"]], rng, 14),
                             (x + rng.uniform(-.04, .04)) * side, (y + rng.uniform(-.04, .04)) * side,
                             radius * side * rng.uniform(0.92, 1.08), rng.uniform(-12, 12), item["texture"])
    return finish(canvas, rng), items if number == 1 else [first], number, ground
