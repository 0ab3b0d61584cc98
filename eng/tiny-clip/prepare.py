"""Builds what training needs: the concepts with their glyphs, and the BPE merges.

The merges lie beside this script as merges.txt, because a model is bound to them for ever;
`prepare.py --learn` learns them anew, for a model that is trained anew.
"""
import sys
from collections import Counter

from captions import FILLERS, carry, emoji_caption, known_words
from common import HERE, seeded
from concepts import load_concepts, split_concepts
from render import COLOUR_NAMES
from shapes import NUMBERS, SHAPES, plural
from tokenizer import Tokenizer, learn_merges, split_words

VOCABULARY = 4096
_SCENE_WORDS = "small big striped dotted outlined on of a an and next to background shape shapes beside".split()


def word_counts(concepts, rounds=20):
    """Counts of words in sampled captions, so that common words get one token."""
    rng, counts, known = seeded("merges"), Counter(), known_words(concepts, split_words)
    for _ in range(rounds):
        for concept in concepts:
            caption, _ = emoji_caption(concept, rng.choice(COLOUR_NAMES), rng)
            counts.update(split_words(carry(caption, known, rng, 0.1)))
    for concept in concepts:
        for text in concept["names"] + concept["keywords"] + list(concept["phrases"]):
            counts.update(dict.fromkeys(split_words(text), 5))
    scene_words = COLOUR_NAMES + list(SHAPES) + [plural(s) for s in SHAPES] + list(NUMBERS.values()) + _SCENE_WORDS
    for word in scene_words + FILLERS:
        counts[word] += 100
    return counts


def learn_tokenizer(concepts):
    """A tokenizer for the captions of these concepts."""
    return Tokenizer(learn_merges(word_counts(concepts), VOCABULARY - 512 - 2))


def load_tokenizer():
    """The tokenizer of this recipe."""
    return Tokenizer.load(HERE)


def main():
    """Command line."""
    concepts = load_concepts()
    trained, unseen = split_concepts(concepts)
    if "--learn" in sys.argv[1:]:
        (HERE / "merges.txt").write_text(learn_tokenizer(trained).merges_text(), encoding="utf-8")
    print(f"{len(concepts)} concepts, {len(trained)} trained, {len(unseen)} unseen; {len(load_tokenizer())} tokens")


if __name__ == "__main__":
    main()
