"""Checks of the recipe itself, under a minute: python3 test_recipe.py

Uses a temporary work directory unless TINY_CLIP_WORK is set.
"""
import json
import os
import tempfile
import unittest
from pathlib import Path

if "TINY_CLIP_WORK" not in os.environ:
    _TEMPORARY = tempfile.TemporaryDirectory()
    os.environ["TINY_CLIP_WORK"] = _TEMPORARY.name

import numpy as np      # noqa: E402
import torch            # noqa: E402
from PIL import Image   # noqa: E402

import export           # noqa: E402
import evaluate         # noqa: E402
import shapes           # noqa: E402
from batches import Batches     # noqa: E402
from common import seeded       # noqa: E402
from concepts import load_concepts, split_concepts      # noqa: E402
from devset import TEMPLATES as DEVELOPMENT_TEMPLATES       # noqa: E402
from finalset import TEMPLATES as FINAL_TEMPLATES       # noqa: E402
from model import TinyClip      # noqa: E402
from onnxrun import library_path     # noqa: E402
from prepare import load_tokenizer      # noqa: E402
from scoring import recall      # noqa: E402
from tokenizer import Tokenizer, _scan, learn_merges, split_words        # noqa: E402
from train import Trainer, encode_by_length, write_plan     # noqa: E402

torch.set_num_threads(2)
TRAINED, UNSEEN = split_concepts(load_concepts())
TOKENIZER = load_tokenizer()


class TokenizerTests(unittest.TestCase):
    """Splitting, ids, limits."""

    def test_split_is_that_of_clip(self):
        self.assertEqual(split_words("It's  a\tRED-apple, 42!!"), ["it", "'s", "a", "red", "-", "apple", ",", "4", "2", "!!"])
        self.assertEqual(split_words("Café ½ 東京… a_b"), ["café", "½", "東京", "…", "a", "_", "b"])
        self.assertEqual(split_words("x<|endoftext|>"), ["x", "<|endoftext|>"])

    def test_both_splitters_agree_on_ascii(self):
        for concept in TRAINED[::20]:
            for text in concept["names"] + concept["keywords"]:
                if text.isascii():
                    self.assertEqual(split_words(text), _scan(text.lower()))

    def test_round_trip(self):
        for concept in TRAINED[::20]:
            text = concept["name"]
            decoded = TOKENIZER.decode(TOKENIZER.encode(text))
            self.assertEqual(decoded.replace(" ", ""), text.lower().replace(" ", ""))

    def test_layout(self):
        ids = TOKENIZER.batch(["red apple", "word " * 200])
        self.assertEqual(ids.shape, (2, 77))
        self.assertEqual((TOKENIZER.begin, TOKENIZER.end), (len(TOKENIZER) - 2, len(TOKENIZER) - 1))
        self.assertTrue((ids[:, 0] == TOKENIZER.begin).all())
        self.assertEqual(ids[1, 76], TOKENIZER.end)
        self.assertEqual(ids[0, int(ids[0].argmax()) + 1:].sum(), 0)

    def test_files(self):
        with tempfile.TemporaryDirectory() as name:
            TOKENIZER.save(Path(name))
            self.assertEqual(Tokenizer.load(Path(name)).tokens, TOKENIZER.tokens)
            vocabulary = json.loads((Path(name) / "vocab.json").read_text(encoding="utf-8"))
            self.assertEqual(sorted(vocabulary.values()), list(range(len(TOKENIZER))))

    def test_learning(self):
        merges = learn_merges({"low": 5, "lower": 3, "new": 2}, 3)
        self.assertEqual(merges[0], ("l", "o"))
        self.assertEqual(Tokenizer(merges).word("low")[0], Tokenizer(merges).ids["low</w>"])


class DataTests(unittest.TestCase):
    """Drawing and batches."""

    def test_batches_follow_from_their_number(self):
        one, two = (Batches(TRAINED, TOKENIZER, 16, lambda step: 48) for _ in range(2))
        first, _, again = one[3], two[2], two[3]
        for key in first:
            self.assertTrue(torch.equal(first[key], again[key]), key)
        self.assertFalse(torch.equal(first["pixels"], one[4]["pixels"]))

    def test_held_out_is_held_out(self):
        self.assertFalse(set(shapes.HELD_OUT) & set(shapes.TRAINED))
        self.assertFalse(set(shapes.DEVELOPMENT_HELD) & set(shapes.FINAL_HELD))
        self.assertFalse(set(FINAL_TEMPLATES) & set(DEVELOPMENT_TEMPLATES))
        self.assertFalse({c["name"] for c in TRAINED} & {c["name"] for c in UNSEEN})

    def test_captions_hold_for_their_own_concept(self):
        data = Batches(TRAINED, TOKENIZER, 16, lambda step: 48)
        from captions import emoji_caption
        rng = seeded("test")
        for position in range(0, len(TRAINED), 10):
            _, required = emoji_caption(TRAINED[position], None, rng)
            bits = np.unpackbits(data.holds_for(required), count=len(TRAINED))
            self.assertEqual(bits[position], 1)

    def test_recall_counts_ties_as_misses(self):
        self.assertEqual(recall(np.eye(4), np.eye(4)), [1.0, 1.0])
        self.assertEqual(recall(np.ones((4, 2)), np.ones((4, 2)), at=(1,)), [0.0])


class PictureTests(unittest.TestCase):
    """Pixels as torchvision makes them, which FlowKit follows to the byte."""

    def _pixels(self, image):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "picture.png"
            image.save(path)
            return evaluate.picture_pixels(path)

    def test_the_corner_of_the_crop_is_rounded(self):
        columns = np.broadcast_to(np.arange(227, dtype=np.uint8)[None, :, None], (224, 227, 3))
        self.assertEqual(self._pixels(Image.fromarray(columns.copy()))[0, 0, 0], 2)         # (227 - 224) / 2 = 1.5

    def test_the_long_side_is_cut_off_after_the_point(self):
        random = np.random.default_rng(1).integers(0, 256, (499, 333, 3), dtype=np.uint8)
        image = Image.fromarray(random)
        expected = image.resize((224, 335), Image.BICUBIC).crop((0, 56, 224, 280))          # 224 * 499 / 333 = 335.66
        self.assertTrue((self._pixels(image) == np.asarray(expected)).all())


class TrainingTests(unittest.TestCase):
    """Training, resuming, exporting."""

    def _trainer(self, run):
        return Trainer(run, 8, workers=0, concepts=TRAINED[:40], tokenizer=TOKENIZER)

    def test_resume_equals_going_on(self):
        with tempfile.TemporaryDirectory() as name:
            whole, parts = Path(name) / "whole", Path(name) / "parts"
            write_plan(whole, 48, 1e-3, decay=16, grow=48)
            self._trainer(whole).train(save_every=100)
            write_plan(parts, 48, 1e-3, decay=16, grow=48)
            first = self._trainer(parts)
            for _, batch in zip(range(3), first._loader()):
                first.update(batch)
            first.save()
            second = self._trainer(parts)
            second.load()
            self.assertEqual(second.step, 3)
            second.train(save_every=100)
            a, b = (torch.load(run / "last.pt")["model"] for run in (whole, parts))
            for key in a:
                self.assertTrue(torch.allclose(a[key].float(), b[key].float(), atol=1e-5), key)

    def test_grouping_by_length_changes_nothing(self):
        model = TinyClip(len(TOKENIZER)).eval()
        ids = torch.from_numpy(TOKENIZER.batch(["red", "a photo of a red apple on a table", "a cat", "x y z", "dog"]))
        with torch.no_grad():
            self.assertTrue(torch.allclose(encode_by_length(model.text, ids), model.text(ids), atol=1e-5))

    @unittest.skipUnless(library_path().exists(), "ONNX Runtime's library is not here")
    def test_export_equals_torch(self):
        torch.manual_seed(1)
        model = TinyClip(len(TOKENIZER)).eval()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.copy_(parameter.half().float())
        ids = torch.from_numpy(TOKENIZER.batch(["a red apple", "dog", "three blue stars"]))
        with tempfile.TemporaryDirectory() as name, torch.no_grad():
            out = Path(name)
            export.export_tower(model.image, torch.randn(2, 3, 224, 224), "visual", out / "visual.onnx")
            export.export_tower(model.text, ids[:2], "textual", out / "textual.onnx")
            exported = export.Exported(out, TOKENIZER)
            for count in (1, 3):
                pixels = torch.randn(count, 3, 224, 224)
                difference = np.abs(exported.sessions["visual"].run(pixels.numpy()) - model.image(pixels).numpy()).max()
                self.assertLess(difference, 2e-3)
                expected = model.text(ids[:count]).numpy()
                for length in (77, int((ids[:count] != 0).sum(1).max())):
                    difference = np.abs(exported.sessions["textual"].run(ids[:count, :length].contiguous().numpy()) - expected).max()
                    self.assertLess(difference, 2e-3)


if __name__ == "__main__":
    unittest.main()
