"""Writes the golden texts of FlowKit.Clip.Tests: what ftfy 6.3.1 and OpenAI's tokenizer make of the texts of cases.py.

    pip install ftfy==6.3.1 regex
    python3 golden.py BPE_SIMPLE_VOCAB_16E6.TXT.GZ

A text is cleaned as OpenAI's simple_tokenizer does it: ftfy.fix_text, html.unescape twice, white space, lower case. Its ids are given
in two vocabularies, OpenAI's and that of the model that FlowKit brings. Lone surrogates, which JSON does not have, are written as
\\uXXXX within the text, and backslashes doubled.
"""
import gzip
import html
import json
import pathlib
import sys

import ftfy
import regex

from cases import CASES

ROOT = pathlib.Path(__file__).resolve().parents[2]
TINY = ROOT / "executors/models/tiny-clip"
TARGET = ROOT / "tests/FlowKit.Clip.Tests/Tokenization/golden-texts.json"
CONTEXT = 77
BEGIN, END = "<|startoftext|>", "<|endoftext|>"
PATTERN = regex.compile(r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", regex.IGNORECASE)

# The functions whose name ftfy gives when it has used them; every text of theirs is one that at least one of them changes.
EXPLAINED = {"fix_c1_controls", "fix_latin_ligatures", "fix_character_width", "uncurl_quotes", "fix_surrogates"}


def clean(text):
    text = html.unescape(html.unescape(ftfy.fix_text(text))).strip()
    return regex.sub(r"\s+", " ", text).strip().lower()


def byte_symbols():
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in printable]
    return dict(zip(printable + rest, [chr(byte) for byte in printable] + [chr(256 + i) for i in range(len(rest))]))


class Vocabulary:
    def __init__(self, merges, ids=None):
        self.symbols = byte_symbols()
        self.ranks = {tuple(merge.split()): rank for rank, merge in enumerate(merges)}
        letters = list(self.symbols.values())
        tokens = letters + [letter + "</w>" for letter in letters] + ["".join(merge) for merge in self.ranks] + [BEGIN, END]
        self.ids = ids or {token: i for i, token in enumerate(tokens)}

    def word(self, word):
        if word in (BEGIN, END):
            return [self.ids[word]]
        parts = [self.symbols[byte] for byte in word.encode("utf-8")]
        parts[-1] += "</w>"
        while len(parts) > 1:
            pair = min(zip(parts, parts[1:]), key=lambda pair: self.ranks.get(pair, len(self.ranks)))
            if pair not in self.ranks:
                break
            merged, i = [], 0
            while i < len(parts):
                step = 2 if tuple(parts[i:i + 2]) == pair else 1
                merged.append("".join(parts[i:i + step]))
                i += step
            parts = merged
        return [self.ids[part] for part in parts]

    def text(self, cleaned):
        ids = [id for word in PATTERN.findall(cleaned) for id in self.word(word)]
        return [self.ids[BEGIN], *ids[:CONTEXT - 2], self.ids[END]]


def written(text):
    return "".join(f"\\u{ord(unit):04X}" if 0xD800 <= ord(unit) < 0xE000 else unit.replace("\\", "\\\\") for unit in text)


def check(function, text):
    if function in EXPLAINED:
        steps = [step.parameter for line in text.splitlines(keepends=True) for step in ftfy.fix_and_explain(line).explanation]
        return any(name in steps for name in (function, "windows-1252", "sloppy-windows-1252"))
    return True


def main():
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as file:
        openai = Vocabulary(file.read().split("\n")[1:49152 - 256 - 2 + 1])
    merges = [line for line in (TINY / "merges.txt").read_text(encoding="utf-8").split("\n") if line and not line.startswith("#version")]
    tiny = Vocabulary(merges, json.loads((TINY / "vocab.json").read_text(encoding="utf-8")))
    if ftfy.__version__ != "6.3.1":
        sys.exit(f"ftfy 6.3.1 is needed, this is {ftfy.__version__}")
    golden = []
    for function, texts in CASES.items():
        idle = [text for text in texts if not check(function, text)]
        if len(texts) - len(idle) < 10 and function in EXPLAINED:
            sys.exit(f"{function} changes fewer than ten texts; not {idle}")
        for number, text in enumerate(texts, 1):
            cleaned = clean(text)
            golden.append({
                "name": f"{function} {number}", "function": function, "text": written(text), "cleaned": cleaned,
                "openai": openai.text(cleaned), "tiny": tiny.text(cleaned),
            })
    lines = ",\n".join(json.dumps(text) for text in golden)
    TARGET.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(golden)} texts of {len(CASES)} functions")


main()
