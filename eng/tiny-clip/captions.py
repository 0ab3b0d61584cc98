"""Training captions and what they require of a picture.

A caption comes with a set of required facts; a picture has a set of facts. The caption holds for
the picture when its facts are a subset, which is how batches know the false negatives and the
several positives of "a bird" or "something red".
"""
import re
from functools import lru_cache
from pathlib import Path

from render import COLOUR_NAMES
from shapes import NUMBERS, plural

NAME_TEMPLATES = """{}|{}|{}|{}|a {}|a {}|a photo of a {}|a picture of a {}|an image of a {}|a drawing of a {}|{} emoji
an icon of a {}|clipart of {}|this is a {}|the {}|a nice {}|a big picture of the {}|a photo of the {}|one {}
it shows a {}|there is a {} in the picture|a small {}|a large {}|a cute {}|a photo of one {}|a close photo of a {}
a cartoon of a {}|a cartoon {}|a painting of the {}|a sketch of a {}|a blurry photo of a {}|a cropped photo of a {}
a bright photo of the {}|a dark photo of the {}|a good photo of a {}|a photo of my {}|a photo of a small {}
a photo of a large {}|the picture shows a {}|here is a {}|here is the {}|that is a {}|i want a {}|show me a {}
show me the {}|find a {}|pictures of a {}|images of {}|picture with a {}|picture with {} in it|an example of a {}
a digital image of a {}|a logo of a {}|a symbol of a {}|a simple {}|an old {}|a new {}|a typical {}|some {}
{} on a plain ground|{} in the middle|{} and nothing else|just a {}|only a {}|a single {}|{} clipart|{} icon
{} photo|{} picture|{} illustration|a {} somewhere in the image|an illustration of the {}|art of a {}|a tiny {}
what a nice {}|give me a {}|we have a {}|a {} for you|where is the {}|such a {}|is this a {}|{} please""".replace(
    "\n", "|").split("|")
GROUND_TEMPLATES = ("a picture of a {} on a {c} background", "{} on {c}", "a {} in front of a {c} background",
                    "{}, {c} background", "a photo of a {} on {c}", "{} before something {c}")
KEYWORD_TEMPLATES = ("{}", "{}", "{}", "{}", "a {}", "the {}", "something about {}", "a picture of {}", "{} symbol",
                     "a photo of a {}", "an image of {}", "things like {}", "{} please", "show me {}", "find {}")
CATEGORY_TEMPLATES = ("{}", "{}", "{}", "{}", "a {}", "some {}", "a kind of {}", "a picture of a {}", "any {}",
                      "an example of {}", "a photo of {}", "it is a {}", "pictures of {}", "show me some {}",
                      "find a {}", "{} of some kind", "all {}", "one {}")
PAIR_TEMPLATES = ("a {} and a {}", "{} and {}", "a {} next to a {}", "a picture of a {} and a {}", "{} with {}",
                  "{} beside {}", "both {} and {}")
COPY_TEMPLATES = ("{n} {}", "{n} times {}", "{n} copies of {}", "{n} of {}")
SCENE_TEMPLATES = ("{}", "{}", "{}", "a photo of {}", "a picture of {}", "a drawing of {}", "an image of {}",
                   "there is {} in the picture", "it shows {}", "show me {}", "here is {}")

# Words that mean nothing here; the text tower must learn to pass over what it does not know.
FILLERS = """very really just some new old of on in at with and or for my your our its that which cute pretty typical
common simple good best photo image here you can this these those was were been being have has had do does did will
would could should may might must shall please show shows shown showing contains containing depicts depicting
featuring features displayed example sample version view scene style design object thing item something anything
everything it is are as by from into about after before during while because so than then also only even still already
again always never often sometimes usually maybe perhaps probably nearly almost quite rather too much many more most
less few several any each every another other same different great lovely beautiful wonderful amazing awesome
interesting strange funny bright dark clean clear detailed realistic digital cartoon sketch painting artwork graphic
illustration poster card page want need like think know find get got give take make made put bring seen taken drawn
painted created there where when what who how why they he she them us me i low resolution blurry sharp centered tiny
huge large little medium colorful plain flat modern classic vintage random unknown original basic standard free stock
web website screen post message chat yesterday tomorrow morning evening friend brother sister everyone nobody somewhere
inside outside near far behind under over left right first second last next again quickly slowly carefully exactly
maybe actually finally really truly gallery album collection folder file archive upload download pixel render poor
rich long short wide narrow heavy light warm cold soft hard early late famous popular rare cheap expensive perfect
broken finished ready real fake true false own whole half double extra special regular normal official private""".split()
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# More unknown words: English text that every Debian has.
_ENGLISH = [Path("/usr/share/common-licenses") / name for name in ("GPL-3", "GFDL-1.3", "Apache-2.0", "Artistic")]


@lru_cache(maxsize=None)
def english_words():
    """Words of some English texts, in a fixed order."""
    text = " ".join(path.read_text(encoding="utf-8").lower() for path in _ENGLISH)
    return sorted(set(re.findall(r"[a-z]{2,14}", text)))


def concept_facts(concept):
    """Facts of a picture that shows the concept."""
    texts = set(concept["keywords"]) | set(concept["phrases"])
    return {"n:" + concept["name"]} | {"t:" + text for text in texts}


def category_wording(phrase, rng):
    """(caption, required facts) of a category phrase."""
    template = "{}" if phrase.startswith(("some", "an ", "a ")) else rng.choice(CATEGORY_TEMPLATES)
    return template.format(phrase), ("t:" + phrase,)


def category_caption(concept, rng):
    """A category phrase of the concept: first a row of synonyms, then one of them."""
    return category_wording(rng.choice(rng.choice(concept["rows"])), rng)


def keyword_caption(concept, rng):
    """A few CLDR keywords, sometimes with a category phrase between them."""
    number = min(len(concept["keywords"]), rng.choice([1, 1, 1, 2, 2, 3, 4, 9]))
    words = rng.sample(concept["keywords"], number)
    if concept["phrases"] and rng.random() < 0.15:
        words.insert(rng.randint(0, number), rng.choice(concept["phrases"]))
    text = rng.choice([", ", " ", " ", " and "]).join(words)
    return rng.choice(KEYWORD_TEMPLATES).format(text), tuple("t:" + word for word in words)


def name_caption(concept, ground, rng):
    """The name in a template, sometimes with the background colour, keywords or category."""
    name, required, u = rng.choice(concept["names"]), ("n:" + concept["name"],), rng.random()
    if ground and u < 0.14:
        return rng.choice(GROUND_TEMPLATES).format(name, c=ground), required + ("ground:" + ground,)
    if u > 0.93:
        words = rng.sample(concept["keywords"], min(len(concept["keywords"]), 2))
        return name + rng.choice([": ", ", ", " "]) + ", ".join(words), required
    if u > 0.88 and concept["phrases"]:
        return name + rng.choice([", a kind of ", ", ", " "]) + rng.choice(concept["phrases"]), required
    return rng.choice(NAME_TEMPLATES).format(name), required


def emoji_caption(concept, ground, rng, shares=(0.56, 0.27)):
    """(caption, required facts) of one concept; `shares` are those of names and of keywords."""
    u = rng.random()
    if u < shares[0] or not concept["rows"]:
        return name_caption(concept, ground, rng)
    if u < sum(shares) and concept["keywords"]:
        return keyword_caption(concept, rng)
    return category_caption(concept, rng)


def pair_caption(first, second, rng):
    """Two concepts in one picture."""
    pair = [first, second] if rng.random() < 0.5 else [second, first]
    text = rng.choice(PAIR_TEMPLATES).format(*(rng.choice(concept["names"]) for concept in pair))
    return text, ("n:" + first["name"], "n:" + second["name"])


def copies_caption(concept, number, rng):
    """Several copies of one concept."""
    text = rng.choice(COPY_TEMPLATES).format(concept["names"][0], n=NUMBERS[number])
    return text, ("n:" + concept["name"], f"count:{number}")


def _shape_fact(size, texture, colour, shape):
    return f"o:{size}:{texture}:{colour}:{shape}"


def shape_facts(item):
    """Every description of a shape that leaves some of it out."""
    return {_shape_fact(size, texture, colour, shape) for size in {item["size"], None}
            for texture in {item["texture"], None} for colour in (item["colour"], None)
            for shape in (item["shape"], None)}


def scene_facts(items, number):
    """Facts of a scene of shapes."""
    facts = {f"count:{number if len(items) == 1 else len(items)}"}
    for item in items:
        facts |= shape_facts(item) | {"t:" + item["colour"], "t:" + item["shape"],
                                      f"n:{item['colour']} {item['shape']}"}
    return facts


def _describe(item, many, rng):
    """(words, required fact, named colour, named shape)."""
    u = rng.random()
    colour = item["colour"] if u < 0.92 else None
    shape = item["shape"] if u < 0.92 or u > 0.96 else None
    size = item["size"] if rng.random() < 0.6 else None
    texture = item["texture"] if rng.random() < 0.6 else None
    noun = (plural(shape) if many else shape) if shape else ("shapes" if many else "shape")
    words = " ".join(word for word in (size, texture, colour, noun) if word)
    return words, _shape_fact(size, texture, colour, shape), colour, shape


def _with_article(words):
    return ("an " if words[0] in "aeio" else "a ") + words


def scene_caption(items, number, ground, rng):
    """(caption, required facts, colour or None, shape or None); the last two when one kind is named."""
    if len(items) == 2:
        (a, fact_a, _, _), (b, fact_b, _, _) = (_describe(item, False, rng) for item in items)
        if rng.random() < 0.5:
            a, b = b, a
        text = rng.choice(["{} and {}", "{} next to {}", "{} beside {}"]).format(_with_article(a), _with_article(b))
        return rng.choice(SCENE_TEMPLATES).format(text), (fact_a, fact_b, "count:2"), None, None
    words, fact, colour, shape = _describe(items[0], number > 1, rng)
    required = (fact,)
    if number > 1:
        text, required = f"{NUMBERS[number]} {words}", (fact, f"count:{number}")
    else:
        text = _with_article(words) if rng.random() < 0.6 else words
        if ground and rng.random() < 0.2:
            text, required = f"{text} on a {ground} background", (fact, "ground:" + ground)
    return rng.choice(SCENE_TEMPLATES).format(text), required, colour, shape


def filler(rng):
    """A filler word, some other English word, or random letters."""
    u = rng.random()
    if u > 0.6:
        return rng.choice(english_words())
    if u < 0.2:
        return "".join(rng.choice(_LETTERS) for _ in range(rng.randint(2, 9)))
    return rng.choice(FILLERS)


def carry(caption, known, rng, share=0.45):
    """Random words around the caption in `share` of the cases; never a word that some caption is about."""
    u = rng.random() / share
    if u >= 1:
        return caption
    before = rng.choice([1, 1, 2, 2, 3, 4, 5]) if u < 0.8 else 0
    after = rng.choice([1, 2, 3, 4]) if u > 0.5 else 0
    words = [word for word in (filler(rng) for _ in range(before)) if word not in known]
    if before and rng.random() < 0.6 and not caption.startswith(("a ", "an ", "the ", "some")):
        words.append(rng.choice(["a", "the", "a", "one", "this"]))
    tail = [word for word in (filler(rng) for _ in range(after)) if word not in known]
    return " ".join(words + [caption] + tail)


def known_words(concepts, split):
    """Every word that names something: it may not serve as filler."""
    texts = [text for c in concepts for text in c["keywords"] + c["names"] + list(c["phrases"])]
    return {word for text in texts for word in split(text)} - {"a", "the", "of", "in", "on", "with", "and", "or", "for",
                                                              "at", "to", "is", "that", "you", "can"} | set(COLOUR_NAMES)
