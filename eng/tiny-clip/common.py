"""Paths, constants and seeding shared by every script of the recipe."""
import os
import random
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
MODEL_DIRECTORY = REPOSITORY / "executors" / "models" / "tiny-clip"
PICTURE_DIRECTORY = REPOSITORY / "flows" / "image-search" / "pictures"

FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
CLDR = "/usr/share/unicode/cldr/common/"
EMOJI_TEST = "/usr/share/unicode/emoji/emoji-test.txt"

SEED = 20
DATA_VERSION = 6            # raise it whenever captions, renderer or concepts change
IMAGE_SIZE = 224            # what the exported visual tower takes
TRAIN_SIZE = 96             # the tower shrinks its input to this size, training renders at it
CONTEXT = 77
DIMENSION = 512
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


def work_directory():
    """Directory of caches, checkpoints and logs: $TINY_CLIP_WORK, else under the user's cache."""
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tiny-clip"
    path = Path(os.environ.get("TINY_CLIP_WORK", default))
    path.mkdir(parents=True, exist_ok=True)
    return path


def seeded(*parts):
    """An independent random.Random for the given parts, the same on every run and machine."""
    return random.Random("/".join(str(part) for part in parts))
