"""The pictures that are learned from: labelled photographs, clip art and emoji, and their views."""
import hashlib
import io
import re
import subprocess
from collections import Counter
from functools import lru_cache
from xml.etree import ElementTree

from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from base import ANNOTATIONS, FONT, HERE, IMAGE_SIZE, seeded, table
from fetch import folder
from rcc import entries

_CLIP_ART, _OF_A_KIND = "usr/share/openclipart/png", 4
_GROUNDS = ((255, 255, 255), (255, 255, 255), (128, 128, 128), (40, 60, 40), (150, 190, 230), (210, 190, 150))


class Picture:
    """One picture: a name, a kind (photo or drawn), a licence and its captions."""

    def __init__(self, name, kind, licence, captions, read):
        self.name, self.kind, self.licence, self.captions, self.read = name, kind, licence, captions, read


@lru_cache(maxsize=2)
def _resources(path):
    return dict(entries(path.read_bytes()))


def _photo_bytes(source, file, digest):
    archive, _, inner = file.partition("!")
    path = folder(source) / archive
    if re.match("[0-9a-f]{40}:", file):         # a file of some commit of a repository
        data = subprocess.run(["git", "-C", str(folder(source)), "show", file], check=True, capture_output=True).stdout
    else:
        data = _resources(path)[inner] if inner else path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(f"{source} {file}: the SHA-256 is another one than in pictures.tsv")
    return data


def _trimmed(image):
    """Without the even white border that thumbnails of equal size were given."""
    white = Image.new("RGB", image.size, (248, 248, 248))
    box = ImageOps.invert(Image.composite(white, image, image.convert("L").point(lambda v: 255 * (v > 240)))).point(
        lambda v: 255 * (v > 24)).getbbox()
    return image.crop(box) if box else image


def photographs():
    """The rows of pictures.tsv."""
    found = []
    for source, file, digest, licence, _, captions in table("pictures.tsv", 6):
        def read(source=source, file=file, digest=digest):
            image = Image.open(io.BytesIO(_photo_bytes(source, file, digest)))
            if source == "open-images":
                return _trimmed(image.convert("RGB"))
            return image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")
        found.append(Picture(f"{source}/{file}", "photo", licence, [c.strip() for c in captions.split(";")], read))
    return found


def _words(path):
    return re.findall(r"[a-z]+", path.stem.lower().replace("_", " "))


def clip_art():
    """Drawings of Open Clip Art (public domain) whose file names hold an everyday noun; the nouns are the caption."""
    nouns = set((HERE / "nouns.txt").read_text(encoding="utf-8").split())
    found, root, count = [], folder("openclipart-png") / _CLIP_ART, Counter()
    for path in sorted(root.rglob("*.png")):
        named = [word for word in dict.fromkeys(_words(path)) if word in nouns or word.rstrip("s") in nouns]
        caption = " ".join(named)
        if not named or "flags" in path.parts or len(named) > 2 or count[caption] == _OF_A_KIND:
            continue
        count[caption] += 1
        name = f"openclipart/{path.relative_to(root)}"
        found.append(Picture(name, "drawn", "public-domain", [caption], lambda path=path: Image.open(path).convert("RGBA")))
    return found


def _glyph(character):
    image = Image.new("RGBA", (320, 160), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((10, 10), character, font=ImageFont.truetype(FONT, 109), embedded_color=True)
    return image.crop(image.getbbox())


def emoji():
    """Noto's emoji of one character with the names and keywords of CLDR."""
    names, keywords = {}, {}
    for node in ElementTree.parse(ANNOTATIONS).getroot().iter("annotation"):
        character = node.get("cp").replace("\ufe0f", "")
        if node.get("type") == "tts":
            names[character] = node.text.lower()
        else:
            keywords[character] = [word.strip().lower() for word in node.text.split("|")]
    return [Picture(f"emoji/{ord(c):x}", "drawn", "OFL-1.1", [name, *keywords.get(c, [])[:3]], lambda c=c: _glyph(c))
            for c, name in sorted(names.items()) if len(c) == 1 and ord(c) > 0x2300]


def everything():
    """All pictures in a fixed order."""
    return photographs() + clip_art() + emoji()


def cut(image, size=IMAGE_SIZE):
    """The middle of a picture, as the model takes it (torchvision's rounding)."""
    shortest = min(image.size)
    image = image.resize([max(size, size * side // shortest) for side in image.size], Image.BICUBIC)
    left, top = round((image.width - size) / 2), round((image.height - size) / 2)
    return image.crop((left, top, left + size, top + size))


def _on_ground(image, colour):
    ground = Image.new("RGBA", image.size, (*colour, 255))
    ground.alpha_composite(image)
    return ground.convert("RGB")


def _placed(image, colour, scale, rng):
    """A motif without a background of its own, on one colour."""
    side = max(image.size)
    canvas = Image.new("RGBA", (round(side / scale),) * 2, (0, 0, 0, 0))
    room = [canvas.size[i] - image.size[i] for i in (0, 1)]
    at = [r // 2 if rng is None else rng.randint(0, r) for r in room]
    canvas.paste(image, tuple(at))
    return _on_ground(canvas, colour)


def reduced(image):
    """Not larger than the views need."""
    image.thumbnail((448, 448), Image.BICUBIC)
    return image


def view(image, name, number):
    """View 0 is the picture as it is; the others are cut, mirrored and lit otherwise, the same on every run."""
    rng = seeded("view", name, number)
    if image.mode == "RGBA":
        image = _placed(image, (255, 255, 255), 0.9, None) if number == 0 else _placed(
            image, rng.choice(_GROUNDS), rng.uniform(0.5, 1), rng)
    elif number:
        part = [round(side * rng.uniform(0.65, 1)) for side in image.size]
        left, top = (rng.randint(0, image.size[i] - part[i]) for i in (0, 1))
        image = image.crop((left, top, left + part[0], top + part[1]))
    image = cut(image)
    if number == 0:
        return image
    image = ImageEnhance.Brightness(image).enhance(rng.uniform(0.65, 1.2))
    image = ImageEnhance.Color(image).enhance(rng.uniform(0.6, 1.25))
    return ImageOps.mirror(image) if rng.random() < 0.5 else image
