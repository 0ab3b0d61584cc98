"""Paths, constants and seeds shared by every script of the recipe."""
import os
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TINY_CLIP = HERE.parent / "tiny-clip"
sys.path.append(str(TINY_CLIP))         # onnxrun: ONNX Runtime through its C interface

FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
ANNOTATIONS = "/usr/share/unicode/cldr/common/annotations/en.xml"

SEED = 20
IMAGE_SIZE = 224
TEXT_WIDTH = 384            # MiniLM's
FEATURES = 512              # ResNet's
DIMENSION = 512             # that of the joint space, as tiny-clip has it, so that an index fits both
CONTEXT = 64
VIEWS = 6                   # a photograph as it is, and five times cut, mirrored and lit otherwise
# Licences under which a picture may form what is shipped.
FREE = ("CC-BY-1.0", "CC-BY-2.0", "CC-BY-3.0", "CC-BY-4.0", "CC0-1.0", "public-domain")


def work_directory():
    """Directory of packages, pictures and caches: $PHOTO_MINI_WORK, else under the user's cache."""
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "photo-mini"
    path = Path(os.environ.get("PHOTO_MINI_WORK", default))
    path.mkdir(parents=True, exist_ok=True)
    return path


def seeded(*parts):
    """An independent random.Random for the given parts, the same on every run and machine."""
    return random.Random("/".join(str(part) for part in parts))


def table(name, columns):
    """Rows of a table of tab-separated values beside the scripts; lines that begin with # are remarks."""
    rows = []
    for number, line in enumerate((HERE / name).read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != columns:
            raise ValueError(f"{name}:{number}: {len(cells)} columns, not {columns}")
        rows.append(cells)
    return rows
