"""Backgrounds and emoji pictures. Everything is drawn from the random.Random that is passed in."""
import math

import numpy as np
from PIL import Image, ImageDraw

from common import seeded

COLOURS = {
    "red": (220, 30, 35), "orange": (250, 140, 20), "yellow": (250, 220, 40), "green": (40, 160, 60),
    "blue": (40, 80, 220), "purple": (130, 50, 170), "pink": (250, 150, 190), "brown": (120, 70, 35),
    "black": (20, 20, 20), "white": (245, 245, 245), "gray": (130, 130, 130), "cyan": (60, 210, 220)}
COLOUR_NAMES = list(COLOURS)
TRAIN_BACKGROUNDS = ("gradient", "noise", "patches", "polygons", "waves", "lines", "fractal", "tiles", "blobs")
DEVELOPMENT_BACKGROUNDS = ("stripes", "checker", "bokeh", "radial")      # never in training
FLIPPABLE = {"Smileys & Emotion", "Animals & Nature", "Food & Drink"}
TRAIN_SCALES = (0.32, 0.98)
BANK = 1200


def jitter(colour, rng, amount=18):
    """The colour, each channel moved a little."""
    return tuple(min(255, max(0, value + rng.randint(-amount, amount))) for value in colour)


def any_colour(rng):
    """A random colour as a float array."""
    return np.array([rng.randint(0, 255) for _ in range(3)], np.float32)


def _grid(size):
    return np.mgrid[0:size, 0:size].astype(np.float32) / size


def _blend(u, rng):
    u = u[..., None]
    return any_colour(rng) * (1 - u) + any_colour(rng) * u


def _numpy(rng):
    return np.random.RandomState(rng.randint(0, 2 ** 31 - 1))


def _resized(pixels, size, method=Image.BICUBIC):
    return np.asarray(Image.fromarray(pixels).resize((size, size), method)).astype(np.float32)


def _gradient(size, rng):
    y, x = _grid(size) - 0.5
    angle = rng.random() * 2 * math.pi
    return _blend(np.clip(x * math.cos(angle) + y * math.sin(angle) + 0.5, 0, 1), rng)


def _noise(size, rng):
    cell = rng.choice([1, 2, 4])
    number = -(-size // cell)
    z = _numpy(rng).randn(number, number, rng.choice([1, 3])) * rng.uniform(8, 50)
    return any_colour(rng) + np.repeat(np.repeat(z, cell, 0), cell, 1)[:size, :size]


def _patches(size, rng):
    k, share = rng.randint(3, 12), rng.uniform(0.3, 1)
    pixels = _numpy(rng).randint(0, 256, (k, k, 3)).astype(np.uint8)
    return _resized(pixels, size, rng.choice([Image.BICUBIC, Image.BILINEAR])) * share + any_colour(rng) * (1 - share)


def _canvas(size, rng):
    image = Image.new("RGB", (size, size), tuple(int(v) for v in any_colour(rng)))
    return image, ImageDraw.Draw(image), lambda: tuple(int(v) for v in any_colour(rng))


def _polygons(size, rng):
    image, draw, colour = _canvas(size, rng)
    for _ in range(rng.randint(3, 14)):
        x, y, r = rng.randint(0, size), rng.randint(0, size), rng.randint(size // 8, size // 2)
        corners = [(x + rng.randint(-r, r), y + rng.randint(-r, r)) for _ in range(rng.choice([3, 4, 5]))]
        draw.polygon(corners, fill=colour())
    return np.asarray(image).astype(np.float32)


def _waves(size, rng):
    y, x = _grid(size) * 2 * math.pi
    bend = np.sin(x * rng.uniform(-3, 3) + y * rng.uniform(-3, 3))
    u = np.sin(x * rng.uniform(-5, 5) + y * rng.uniform(-5, 5) + rng.uniform(0, 2) * bend)
    return _blend((u * rng.choice([0.5, 1, 3])).clip(-1, 1) * 0.5 + 0.5, rng)


def _lines(size, rng):
    image, draw, colour = _canvas(size, rng)
    for _ in range(rng.randint(5, 30)):
        points = [(rng.randint(0, size), rng.randint(0, size)) for _ in range(rng.choice([2, 2, 3]))]
        draw.line(points, fill=colour(), width=rng.randint(1, max(2, size // 16)))
    return np.asarray(image).astype(np.float32)


def _fractal(size, rng):
    pixels = any_colour(rng) + np.zeros((size, size, 3), np.float32)
    amplitude, source = rng.uniform(40, 90), _numpy(rng)
    for k in (2, 4, 8, 16, 32):
        layer = _resized(source.randint(0, 256, (k, k, 3)).astype(np.uint8), size)
        pixels = pixels + layer / 127.5 * amplitude - amplitude
        amplitude *= 0.6
    return pixels


def _tiles(size, rng):
    """A small random patch, repeated."""
    cells, cell = rng.randint(2, 6), rng.randint(2, max(3, size // 16))
    palette = np.stack([any_colour(rng) for _ in range(rng.randint(2, 4))])
    patch = palette[_numpy(rng).randint(0, len(palette), (cells, cells))].repeat(cell, 0).repeat(cell, 1)
    times = -(-size // (cells * cell))
    return np.tile(patch, (times, times, 1))[:size, :size]


def _blobs(size, rng):
    """Smooth noise cut into a few colours."""
    k, levels = rng.randint(3, 10), rng.randint(2, 4)
    smooth = _resized(_numpy(rng).randint(0, 256, (k, k)).astype(np.uint8), size)
    palette = np.stack([any_colour(rng) for _ in range(levels)])
    return palette[np.clip(smooth / 256 * levels, 0, levels - 1).astype(int)]


def _stripes(size, rng):
    y, x = _grid(size)
    angle, period = rng.random() * math.pi, rng.uniform(4, 9)
    return _blend(np.floor((x * math.cos(angle) + y * math.sin(angle)) * period) % 2, rng)


def _checker(size, rng):
    y, x = np.mgrid[0:size, 0:size] * rng.randint(4, 9) // size
    return _blend(((x + y) % 2).astype(np.float32), rng)


def _bokeh(size, rng):
    image, draw, colour = _canvas(size, rng)
    for _ in range(rng.randint(6, 16)):
        x, y, r = rng.randint(0, size), rng.randint(0, size), rng.randint(size // 20, size // 5)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=colour())
    return np.asarray(image).astype(np.float32)


def _radial(size, rng):
    y, x = _grid(size)
    return _blend(np.clip(np.hypot(x - rng.random(), y - rng.random()) * 1.3, 0, 1), rng)


_DRAW = {"gradient": _gradient, "noise": _noise, "patches": _patches, "polygons": _polygons, "waves": _waves,
         "lines": _lines, "fractal": _fractal, "tiles": _tiles, "blobs": _blobs, "stripes": _stripes,
         "checker": _checker, "bokeh": _bokeh, "radial": _radial}


def draw_background(kind, size, rng):
    """uint8 [size, size, 3] of one kind of background."""
    return np.clip(_DRAW[kind](size, rng), 0, 255).astype(np.uint8)


class Backgrounds:
    """A bank of textured backgrounds, drawn once; each use crops, mirrors and recolours one of them."""

    def __init__(self, size, number=BANK, name="train"):
        self.size, self.margin = size, size // 4
        rng = seeded("backgrounds", size) if name == "train" else seeded("backgrounds", size, name)
        kinds = TRAIN_BACKGROUNDS
        self.bank = [draw_background(kinds[i % len(kinds)], size + self.margin, rng) for i in range(number)]

    def textured(self, rng):
        """A crop out of the bank."""
        pixels = rng.choice(self.bank)
        y, x = rng.randint(0, self.margin), rng.randint(0, self.margin)
        pixels = pixels[y:y + self.size, x:x + self.size]
        if rng.random() < 0.5:
            pixels = pixels[:, ::-1]
        if rng.random() < 0.7:
            pixels = pixels[..., rng.choice([(0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])]
        return pixels

    def pick(self, rng):
        """(pixels, colour name or None): clean white, plain, or textured."""
        u = rng.random()
        if u < 0.16:
            shade = rng.choice([255, 255, rng.randint(225, 255)])
            return np.full((self.size, self.size, 3), shade, np.float32), "white"
        if u < 0.42:
            name = rng.choice(COLOUR_NAMES) if rng.random() < 0.75 else None
            colour = jitter(COLOURS[name], rng) if name else any_colour(rng)
            return np.broadcast_to(np.array(colour, np.float32), (self.size, self.size, 3)), name
        return self.textured(rng).astype(np.float32), None


def paste_glyph(canvas, concept, x, y, size, degrees=0.0, flip=False, gains=(1, 1, 1)):
    """Composites one glyph, `size` pixels wide and centred at (x, y), on float pixels; returns new pixels.

    One affine call rotates, scales, mirrors and moves. The premultiplied glyph is handed to PIL as
    "CMYK", because its "RGBA" transform would multiply by alpha once more.
    """
    side = canvas.shape[0]
    glyphs = concept["glyphs"]
    source = next((s for s in sorted(glyphs) if s >= size * 1.05), max(glyphs))
    scale, angle = source / size, math.radians(degrees)
    cos, sin = math.cos(angle) * scale, math.sin(angle) * scale
    a, b, d, e = (-cos, -sin, -sin, cos) if flip else (cos, sin, -sin, cos)
    matrix = (a, b, source / 2 - a * x - b * y, d, e, source / 2 - d * x - e * y)
    glyph = Image.fromarray(glyphs[source], "CMYK").transform((side, side), Image.AFFINE, matrix, Image.BILINEAR)
    glyph = np.asarray(glyph).astype(np.float32)
    return canvas * (1 - glyph[..., 3:] * (1 / 255)) + glyph[..., :3] * np.array(gains, np.float32)


def channel_gains(rng, amount=0.15):
    """Random colour cast of a glyph."""
    return [rng.uniform(1 - amount, 1 + amount) for _ in range(3)]


def finish(pixels, rng, augment=True):
    """Brightness and contrast, sometimes noise; back to uint8."""
    if augment and rng.random() < 0.5:
        pixels = pixels * rng.uniform(0.75, 1.2) + rng.uniform(-12, 12)
    if augment and rng.random() < 0.15:
        pixels = pixels + _numpy(rng).standard_normal(pixels.shape[:2] + (1,)).astype(np.float32) * rng.uniform(2, 9)
    return np.clip(pixels, 0, 255).astype(np.uint8)


def flips(concept, rng):
    """Whether to mirror: only kinds whose mirror image means the same."""
    return concept["group"] in FLIPPABLE and rng.random() < 0.5


def place(canvas, concept, scale, degrees, rng, augment=True):
    """One glyph of relative size `scale` at a random place of the canvas, finished."""
    size = canvas.shape[0]
    margin = max(0.0, size * (1 - scale) / 2)
    x, y = size / 2 + rng.uniform(-margin, margin), size / 2 + rng.uniform(-margin, margin)
    gains = channel_gains(rng) if augment else (1, 1, 1)
    pixels = paste_glyph(canvas, concept, x, y, scale * size, degrees, flips(concept, rng), gains)
    return finish(pixels, rng, augment)


_LAYOUTS = {2: (((0.27, 0.5), (0.73, 0.5)), 0.47), 3: (((0.5, 0.27), (0.27, 0.72), (0.73, 0.72)), 0.43),
            4: (((0.27, 0.27), (0.73, 0.27), (0.27, 0.73), (0.73, 0.73)), 0.42)}


def training_scale(rng):
    """Uniform over the range, with more of its two ends."""
    u = rng.random()
    low, high = TRAIN_SCALES if u < 0.6 else (TRAIN_SCALES[0], 0.45) if u < 0.85 else (0.88, TRAIN_SCALES[1])
    return rng.uniform(low, high)


def emoji_picture(concept, backgrounds, rng):
    """A training picture of one concept: (pixels, background colour name or None)."""
    canvas, colour = backgrounds.pick(rng)
    return place(canvas, concept, training_scale(rng), rng.uniform(-20, 20), rng), colour


def several_picture(concepts, backgrounds, rng):
    """Two to four concepts in one training picture."""
    canvas, colour = backgrounds.pick(rng)
    positions, scale = _LAYOUTS[len(concepts)]
    if len(concepts) == 2 and rng.random() < 0.5:
        positions = [(y, x) for x, y in positions]
    size = canvas.shape[0]
    for (x, y), concept in zip(positions, concepts):
        canvas = paste_glyph(canvas, concept, (x + rng.uniform(-.03, .03)) * size, (y + rng.uniform(-.03, .03)) * size,
                             scale * rng.uniform(0.8, 1.08) * size, rng.uniform(-15, 15), flips(concept, rng),
                             channel_gains(rng))
    return finish(canvas, rng), colour
