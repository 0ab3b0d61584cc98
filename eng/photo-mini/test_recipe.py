"""Checks of the recipe without its packages, in a few seconds: python3 test_recipe.py"""
import hashlib
import os
import struct
import tempfile
import unittest
import zlib
from pathlib import Path

if "PHOTO_MINI_WORK" not in os.environ:
    _TEMPORARY = tempfile.TemporaryDirectory()
    os.environ["PHOTO_MINI_WORK"] = _TEMPORARY.name

import numpy as np      # noqa: E402
import onnx             # noqa: E402
from onnx import TensorProto, helper, numpy_helper      # noqa: E402
from PIL import Image   # noqa: E402

import evaluate         # noqa: E402
import export           # noqa: E402
import graphs           # noqa: E402
import pictures         # noqa: E402
import scoring          # noqa: E402
from base import FEATURES, FREE, table      # noqa: E402
from fetch import sources       # noqa: E402
from fit import Projection, fit     # noqa: E402
from onnxrun import Runtime, Session, library_path      # noqa: E402
from rcc import entries     # noqa: E402
from tokenizer import Tokenizer, words      # noqa: E402


class TableTests(unittest.TestCase):
    """What is fixed, and what is said of each picture."""

    def test_every_picture_has_a_source_a_licence_and_captions(self):
        known, seen = sources(), set()
        for source, file, digest, licence, _, captions in table("pictures.tsv", 6):
            self.assertIn(source, known, file)
            self.assertRegex(digest, "^[0-9a-f]{64}$", file)
            self.assertTrue(licence, file)
            self.assertTrue(all(caption.strip() for caption in captions.split(";")), file)
            self.assertNotIn((source, file), seen)
            seen.add((source, file))
        self.assertGreaterEqual(len(seen), 600)

    def test_no_picture_of_the_test_set_is_learned_from(self):
        learned = {digest for _, _, digest, *_ in table("pictures.tsv", 6)}
        self.assertFalse(learned & {digest for _, digest, _ in table("test.tsv", 3)})

    def test_the_test_set_is_the_one_that_was_fixed(self):
        for name, digest in evaluate._SHA256.items():
            self.assertEqual(hashlib.sha256((evaluate.HERE / name).read_bytes()).hexdigest(), digest, name)
        files = {file for file, _, _ in table("test.tsv", 3)}
        queries = table("queries.tsv", 2)
        self.assertGreaterEqual(len(queries), 60)
        for query, right in queries:
            self.assertLessEqual(set(right.split()), files, query)

    def test_only_licences_that_ask_for_no_more_than_a_name_are_free(self):
        for licence in ("GPL-2", "CC-BY-SA-3.0", "GFDL-NIV-1.2", "LGPLv3", "not-settled"):
            self.assertNotIn(licence, FREE)


class ReadingTests(unittest.TestCase):
    """Resources, words, pixels."""

    def test_a_file_of_a_resource_is_found_by_its_path(self):
        name = lambda text: struct.pack(">HI", len(text), 0) + text.encode("utf-16-be")
        names = name("a") + name("b.png") + name("c.txt")
        packed = zlib.compress(b"compressed" * 9)
        content = struct.pack(">I", 5) + b"plain" + struct.pack(">I", len(packed) + 4) + struct.pack(">I", 90) + packed
        node = lambda at, flags, one, two: struct.pack(">IHII", at, flags, one, two)
        tree = node(0, 2, 1, 1) + node(0, 2, 2, 2) + struct.pack(">IHHHI", 8, 0, 0, 0, 0) + struct.pack(">IHHHI", 24, 1, 0, 0, 9)
        head = 20
        data = struct.pack(">4sIIII", b"qres", 1, head, head + len(tree), head + len(tree) + len(content))
        self.assertEqual(dict(entries(data + tree + content + names)), {"/a/b.png": b"plain", "/a/c.txt": b"compressed" * 9})

    def test_word_pieces(self):
        self.assertEqual(words("A Café-dog's!"), ["a", "cafe", "-", "dog", "'", "s", "!"])
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "vocab.txt"
            path.write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\nsun\n##flower\n##s\na\n", encoding="utf-8")
            ids, mask = Tokenizer(path).batch(["a sunflowers", "zebra"])
        self.assertEqual(ids.tolist(), [[2, 7, 4, 5, 6, 3], [2, 1, 3, 0, 0, 0]])
        self.assertEqual(mask.tolist(), [[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0]])

    def test_views_follow_from_name_and_number(self):
        image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8))
        one, again, other = (np.asarray(pictures.view(image, "x", n)) for n in (1, 1, 2))
        self.assertTrue((one == again).all())
        self.assertFalse((one == other).all())
        self.assertTrue((np.asarray(pictures.view(image, "x", 0)) == np.asarray(pictures.cut(image))).all())

    def test_a_motif_without_background_is_put_on_one(self):
        image = Image.new("RGBA", (100, 50), (255, 0, 0, 255))
        pixels = np.asarray(pictures.view(image, "x", 0))
        self.assertEqual(pixels.shape, (224, 224, 3))
        self.assertEqual(pixels[0, 0].tolist(), [255, 255, 255])
        self.assertGreater(pixels[112, 112, 0], 200)


class ScoringTests(unittest.TestCase):
    """Figures that can be counted by hand."""

    def test_recall_counts_ties_as_misses(self):
        self.assertEqual(scoring.recall(scoring.ranks(np.eye(4), np.eye(4), np.arange(4)), 1), 1)
        self.assertEqual(scoring.recall(scoring.ranks(np.ones((4, 2)), np.ones((4, 2)), np.arange(4)), 1), 0)

    def test_what_a_query_brings(self):
        result, = scoring.found(np.array([[1.0, 0]]), np.array([[1, 0], [0.5, 0], [0.2, 0]]), [{1, 2}])
        self.assertEqual((result["first"], result["any_of_5"], result["of_5"]), (False, True, 2))
        self.assertAlmostEqual(result["average_precision"], (1 / 2 + 2 / 3) / 2)

    def test_chance(self):
        chance = scoring.by_chance(10, [{0}])
        self.assertEqual((chance["first_right"], chance["any_of_5_right"]), (0.1, 0.5))

    def test_an_interval_holds_its_mean(self):
        low, high = scoring.interval([0, 1] * 50)
        self.assertTrue(0.35 < low < 0.5 < high < 0.65)


class _Data:
    """Pictures whose features say what they are: four kinds, two of each."""

    def __init__(self):
        rng = np.random.default_rng(1)
        kinds = rng.random((4, FEATURES)) ** 4
        self.features = np.concatenate([kinds + rng.random((4, FEATURES)) * 0.01 for _ in range(2)])
        self.x, self.owners = scoring.unit(np.sqrt(self.features)), np.arange(8)
        self.pictures, self.photo = list(range(8)), np.ones(8, bool)
        texts = scoring.unit(rng.standard_normal((4, 384)))
        self.target, self.text_mean, self.texts = np.concatenate([texts, texts]), texts.mean(0), texts


class FittingTests(unittest.TestCase):
    """The projection, and its graph."""

    def test_pictures_it_was_not_shown_are_found(self):
        data = _Data()
        projection = fit(data, [0, 1, 2, 3], 0.1, 12.0, 0.3, 0.5)
        cosines = projection.texts(data.texts) @ projection.images(data.features[4:]).T
        self.assertEqual(cosines.argmax(1).tolist(), [0, 1, 2, 3])

    @unittest.skipUnless(library_path().exists(), "ONNX Runtime's library is not here")
    def test_the_graph_computes_the_projection(self):
        data = _Data()
        projection = fit(data, range(8), 0.1, 12.0, 0.3, 0.4)
        graph = helper.make_graph([helper.make_node("Identity", ["input"], ["features"])], "g",
                                  [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", FEATURES])], [])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
        export.with_projection(model, projection.arrays)
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "model.onnx"
            onnx.save(model, str(path))
            out = Session(Runtime(), path, "input", "image_embeds").run(data.features.astype(np.float32))
        self.assertEqual(out.shape, (8, 512))
        self.assertLess(np.abs(out[:, :384] - projection.images(data.features)).max(), 1e-4)
        self.assertEqual(np.abs(out[:, 384:]).max(), 0)

    @unittest.skipUnless(library_path().exists(), "ONNX Runtime's library is not here")
    def test_folding_changes_nothing(self):
        rng = np.random.default_rng(1)
        arrays = {"w": rng.standard_normal((4, 3, 3, 3)), "v": rng.random(4) + 1, **{n: rng.random(4) for n in "sbm"}}
        nodes = [helper.make_node("Conv", ["x", "w"], ["c"], kernel_shape=[3, 3]),
                 helper.make_node("BatchNormalization", ["c", "s", "b", "m", "v"], ["y"], epsilon=1e-5)]
        graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 8, 8])],
                                  [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 4, 6, 6])],
                                  [numpy_helper.from_array(a.astype(np.float32), n) for n, a in arrays.items()])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
        x = rng.standard_normal((1, 3, 8, 8)).astype(np.float32)
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "model.onnx"
            onnx.save(model, str(path))
            before = Session(Runtime(), path, "x", "y").run(x)
            graphs.fold(model.graph)
            onnx.save(model, str(path))
            after = Session(Runtime(), path, "x", "y").run(x)
        self.assertEqual(len(model.graph.node), 1)
        self.assertLess(np.abs(before - after).max(), 1e-5)


if __name__ == "__main__":
    unittest.main()
