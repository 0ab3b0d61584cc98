"""BERT's word pieces, as MiniLM takes them."""
import unicodedata

import numpy as np

from base import CONTEXT


def words(text):
    """Lower case, no accents, punctuation apart."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    spaced = "".join(f" {c} " if unicodedata.category(c)[0] in "PS" else c for c in plain)
    return spaced.split()


class Tokenizer:
    """A vocabulary of one piece a line."""

    def __init__(self, path):
        self.ids = {piece: i for i, piece in enumerate(path.read_text(encoding="utf-8").split("\n"))}

    def pieces(self, word):
        """The longest pieces of a word from its beginning; one unknown piece makes the word unknown."""
        found, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = ("##" if start else "") + word[start:end]
                if piece in self.ids:
                    found.append(self.ids[piece])
                    break
            else:
                return [self.ids["[UNK]"]]
            start = end
        return found

    def encode(self, text):
        """Ids with both marks, at most CONTEXT."""
        body = [i for word in words(text) for i in self.pieces(word)]
        return [self.ids["[CLS]"], *body[:CONTEXT - 2], self.ids["[SEP]"]]

    def batch(self, texts):
        """(input_ids, attention_mask) as long as the longest text."""
        rows = [self.encode(text) for text in texts]
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        for row, encoded in zip(ids, rows):
            row[:len(encoded)] = encoded
        return ids, (np.arange(ids.shape[1])[None] < np.array([len(row) for row in rows])[:, None]).astype(np.int64)
