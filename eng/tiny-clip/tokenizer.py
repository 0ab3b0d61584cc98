"""CLIP byte-level BPE: learning merges, encoding text, writing the HF vocabulary files.

The splitting equals CLIP's regular expression
    <\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+
on lower-cased text whose white space is collapsed. Python's own `re` has no \\p classes, so text
that is not ASCII goes through a small scanner over Unicode categories.
"""
import json
import re
import unicodedata
from collections import Counter, defaultdict

import numpy as np

from common import CONTEXT

BEGIN, END = "<|startoftext|>", "<|endoftext|>"
_CONTRACTIONS = ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d")
_ASCII = re.compile(r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[a-z]+|[0-9]|[^\sa-z0-9]+")


def _byte_symbols():
    """CLIP's reversible map from byte to printable character."""
    printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    symbols, extra = {b: chr(b) for b in printable}, 0
    order = printable[:]
    for byte in range(256):
        if byte not in symbols:
            symbols[byte] = chr(256 + extra)
            order.append(byte)
            extra += 1
    return {byte: symbols[byte] for byte in order}


BYTE_SYMBOLS = _byte_symbols()
_SYMBOL_BYTES = {symbol: byte for byte, symbol in BYTE_SYMBOLS.items()}


def _kind(character):
    category = unicodedata.category(character)[0]
    return category if category in "LN" else "P"


def _scan(text):
    """The CLIP split for any text; `text` is lower-cased and collapsed already."""
    words, i = [], 0
    while i < len(text):
        if text[i].isspace():
            i += 1
            continue
        fixed = next((x for x in (BEGIN, END) + _CONTRACTIONS if text.startswith(x, i)), None)
        if fixed:
            words.append(fixed)
            i += len(fixed)
            continue
        kind, j = _kind(text[i]), i + 1
        while kind != "N" and j < len(text) and not text[j].isspace() and _kind(text[j]) == kind:
            j += 1
        words.append(text[i:j])
        i = j
    return words


def split_words(text):
    """Lower-case, collapse white space and split as CLIP does."""
    text = " ".join(text.lower().split())
    return _ASCII.findall(text) if text.isascii() else _scan(text)


def word_symbols(word):
    """The byte symbols of a word, the last one marked as end of word."""
    symbols = [BYTE_SYMBOLS[byte] for byte in word.encode("utf-8")]
    symbols[-1] += "</w>"
    return tuple(symbols)


def _merge(word, pair):
    merged, i = [], 0
    while i < len(word):
        if i + 1 < len(word) and (word[i], word[i + 1]) == pair:
            merged.append(word[i] + word[i + 1])
            i += 2
        else:
            merged.append(word[i])
            i += 1
    return tuple(merged)


def learn_merges(counts, number, minimum=2):
    """Classic BPE over word counts; ties are broken by the pair itself, so the result is fixed."""
    vocabulary = {word_symbols(word): count for word, count in counts.items()}
    pairs, where = Counter(), defaultdict(set)
    for word, count in vocabulary.items():
        for pair in zip(word, word[1:]):
            pairs[pair] += count
            where[pair].add(word)
    merges = []
    while len(merges) < number and pairs:
        pair, count = max(pairs.items(), key=lambda item: (item[1], item[0]))
        if count < minimum:
            break
        merges.append(pair)
        for word in sorted(where.pop(pair)):
            count = vocabulary.pop(word, None)
            if count is None:
                continue
            for old in zip(word, word[1:]):
                pairs[old] -= count
            merged = _merge(word, pair)
            vocabulary[merged] = vocabulary.get(merged, 0) + count
            for new in zip(merged, merged[1:]):
                pairs[new] += count
                where[new].add(merged)
        pairs.pop(pair, None)
    return merges


class Tokenizer:
    """Encodes text to CLIP ids: bytes, bytes with </w>, merges, then begin and end as the last two ids."""

    def __init__(self, merges):
        self.merges = [tuple(pair) for pair in merges]
        base = list(BYTE_SYMBOLS.values())
        tokens = base + [s + "</w>" for s in base] + ["".join(pair) for pair in self.merges]
        tokens = list(dict.fromkeys(tokens)) + [BEGIN, END]
        self.ids = {token: i for i, token in enumerate(tokens)}
        self.tokens = tokens
        self.ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        self.begin, self.end = self.ids[BEGIN], self.ids[END]
        self._cache = {BEGIN: [self.begin], END: [self.end]}

    def __len__(self):
        return len(self.tokens)

    def word(self, word, dropout=0.0, rng=None):
        """Ids of one word. With `dropout`, merges are skipped at random (BPE dropout)."""
        if not dropout and word in self._cache:
            return self._cache[word]
        if word in (BEGIN, END):
            return self._cache[word]
        symbols = word_symbols(word)
        while len(symbols) > 1:
            candidates = [self.ranks[pair] for pair in zip(symbols, symbols[1:]) if pair in self.ranks
                          and not (dropout and rng.random() < dropout)]
            if not candidates:
                break
            symbols = _merge(symbols, self.merges[min(candidates)])
        ids = [self.ids[symbol] for symbol in symbols]
        if not dropout:
            self._cache[word] = ids
        return ids

    def encode(self, text, context=CONTEXT, dropout=0.0, share=0.12, rng=None):
        """Begin, the words, end; cut so that the end mark always fits."""
        ids = [self.begin]
        for word in split_words(text):
            dropped = bool(dropout) and rng.random() < share
            ids += self.word(word, dropout if dropped else 0.0, rng)
        return ids[:context - 1] + [self.end]

    def decode(self, ids):
        """Text of the ids up to the end mark (white space as the end-of-word marks give it)."""
        symbols = "".join(self.tokens[i] for i in ids if i < self.begin)
        text = symbols.replace("</w>", " ")
        data = bytes(_SYMBOL_BYTES[s] if s != " " else 32 for s in text)
        return data.decode("utf-8", "replace").strip()

    def batch(self, texts, context=CONTEXT, trim=False, dropout=0.0, rng=None):
        """int64 [N, context] zero padded; `trim` pads to the longest text only.

        Trimming changes no result: attention is causal and the tower reads at the end mark.
        """
        rows = [self.encode(text, context, dropout, rng=rng) for text in texts]
        out = np.zeros((len(rows), max(map(len, rows)) if trim else context), np.int64)
        for row, ids in zip(out, rows):
            row[:len(ids)] = ids
        return out

    def merges_text(self):
        """The contents of merges.txt."""
        return "\n".join(["#version: 0.2"] + [" ".join(pair) for pair in self.merges]) + "\n"

    def save(self, directory):
        """merges.txt and vocab.json in the layout of the HF tokenizers."""
        (directory / "merges.txt").write_text(self.merges_text(), encoding="utf-8")
        (directory / "vocab.json").write_text(json.dumps(self.ids, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, directory):
        """Reads merges.txt."""
        lines = (directory / "merges.txt").read_text(encoding="utf-8").split("\n")
        return cls([tuple(line.split(" ")) for line in lines[1:] if line])
