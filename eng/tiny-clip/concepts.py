"""The concepts: Unicode emoji, their names and keywords from CLDR, their glyphs from Noto Color Emoji."""
import hashlib
import pickle
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from categories import phrases_of, rows_of
from common import CLDR, DATA_VERSION, EMOJI_TEST, FONT, seeded, work_directory

GLYPH_SIZES = (136, 96, 64, 40)     # a small picture is drawn from a small glyph, or it would alias
UNSEEN = 60                         # concepts never trained, for an open-vocabulary check
# Shown by the demos, so never among the unseen ones.
_ALWAYS_SEEN = {"red apple", "cat", "cat face", "dog", "dog face"}
# Some territories fly the flag of a country: the picture is called after the country first.
_COUNTRIES_FIRST = {"flag of france", "flag of norway", "flag of australia", "flag of united states", "flag of spain"}


def _plain(text):
    return text.lower().replace("“", "").replace("”", "").replace("’", "'").strip()


def _annotations():
    names, keywords = {}, {}
    for file in ("annotations/en.xml", "annotationsDerived/en.xml"):
        for node in ElementTree.parse(CLDR + file).getroot().iter("annotation"):
            key = node.get("cp").replace("\ufe0f", "")
            if node.get("type") == "tts":
                names[key] = _plain(node.text)
            else:
                keywords[key] = [_plain(k) for k in node.text.split("|")]
    return names, keywords


def _emoji_lines():
    """(emoji, group, subgroup, fallback name) of every fully qualified emoji without a skin tone."""
    group = subgroup = None
    with open(EMOJI_TEST, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# group:"):
                group = line[8:].strip()
            elif line.startswith("# subgroup:"):
                subgroup = line[11:].strip()
            match = re.match(r"([0-9A-F ]+?)\s*; fully-qualified\s*# \S+ E[\d.]+ (.*)", line)
            if match and "skin tone" not in line and group != "Component":
                emoji = "".join(chr(int(code, 16)) for code in match[1].split())
                yield emoji, group, subgroup, _plain(match[2])


def _glyph(emoji, font):
    """The drawn glyph, cropped; None when the font has none or a sequence does not join."""
    image = Image.new("RGBA", (320, 160), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((10, 10), emoji, font=font, embedded_color=True)
    box = image.getbbox()
    return image.crop(box) if box and box[2] - box[0] <= 150 else None


def _mip_maps(image):
    """Premultiplied square glyphs at GLYPH_SIZES, each with a clear border of 2 pixels."""
    pixels = np.asarray(image).astype(np.float32)
    pixels[..., :3] *= pixels[..., 3:] / 255
    side = max(image.size)
    square = np.zeros((side, side, 4), np.float32)
    y, x = (side - pixels.shape[0]) // 2, (side - pixels.shape[1]) // 2
    square[y:y + pixels.shape[0], x:x + pixels.shape[1]] = pixels
    bands = Image.fromarray(square.round().astype(np.uint8), "RGBA").split()
    maps = {}
    for size in GLYPH_SIZES:
        method = Image.BOX if size < side else Image.BICUBIC
        small = Image.merge("RGBA", [band.resize((size - 4, size - 4), method) for band in bands])
        padded = Image.new("RGBA", (size, size), (0, 0, 0, 0))
        padded.paste(small, (2, 2))
        maps[size] = np.asarray(padded).copy()
    return maps


def _wording(name, group, keywords):
    """(names, keywords): the ways to call one concept."""
    if group == "Flags" and name.startswith("flag: "):
        country = name[6:]
        return ["flag of " + country, country + " flag", "flag of " + country, name], ["flag", country]
    names = [name.replace(": ", " ")] + ([name] if ": " in name else [])
    return names, keywords or [w for w in re.findall(r"[a-z']+", name) if len(w) > 2]


def _add_names(concept, names, keywords):
    """Another name of the same picture."""
    first = names[0] in _COUNTRIES_FIRST
    concept["names"] = names + concept["names"] if first else concept["names"] + names
    concept["name"] = concept["names"][0]
    concept["keywords"] = sorted(set(concept["keywords"]) | set(keywords))


def build_concepts():
    """All concepts as dictionaries; glyphs that look the same are one concept with several names."""
    names, annotations = _annotations()
    font, seen, concepts = ImageFont.truetype(FONT, 109), {}, []
    for emoji, group, subgroup, fallback in _emoji_lines():
        key = emoji.replace("\ufe0f", "")
        image = _glyph(emoji, font)
        if image is None:
            continue
        digest = hashlib.md5(image.tobytes()).hexdigest()
        wording, keywords = _wording(names.get(key, fallback), group, annotations.get(key, []))
        if digest in seen:
            _add_names(concepts[seen[digest]], wording, keywords)
            continue
        seen[digest] = len(concepts)
        concepts.append({
            "emoji": emoji, "name": wording[0], "names": wording, "keywords": sorted(set(keywords)),
            "group": group, "subgroup": subgroup, "phrases": phrases_of(subgroup), "rows": rows_of(subgroup),
            "glyphs": _mip_maps(image)})
    for number, concept in enumerate(concepts):
        concept["id"] = number
    return concepts


def load_concepts():
    """The concepts, from the cache when it is there."""
    path = work_directory() / f"concepts-{DATA_VERSION}.pkl"
    if not path.exists():
        temporary = path.with_suffix(".tmp")
        temporary.write_bytes(pickle.dumps(build_concepts(), 4))
        temporary.replace(path)
    return pickle.loads(path.read_bytes())


def split_concepts(concepts):
    """(trained, unseen): the unseen ones are in groups of at least eight, so their kind is known."""
    groups = {}
    for concept in concepts:
        groups.setdefault(concept["subgroup"], []).append(concept)
    pool = [c for name, group in groups.items() if len(group) >= 8
            and name not in ("country-flag", "family", "time") for c in group if c["name"] not in _ALWAYS_SEEN]
    unseen = {c["id"] for c in seeded("unseen").sample(pool, UNSEEN)}
    return [c for c in concepts if c["id"] not in unseen], [c for c in concepts if c["id"] in unseen]
