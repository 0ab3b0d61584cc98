"""Writes pillow.json: small files of every kind of pixel, each with the RGB that Pillow makes of it.

Run with Debian's python3-pil (9.4). The files are a few hundred bytes each.
"""
import base64
import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

W, H = 12, 9
rng = np.random.default_rng(5)
GRAY = rng.integers(0, 256, (H, W), dtype=np.uint8)
RGB = rng.integers(0, 256, (H, W, 3), dtype=np.uint8)
ALPHA = rng.integers(0, 256, (H, W, 1), dtype=np.uint8)
WIDE = rng.integers(0, 65536, (H, W), dtype=np.uint16)
WIDE[0, :4] = [0, 100, 255, 256]
DEEP = rng.integers(0, 65536, (H, W, 4), dtype=np.uint16)
SMOOTH = np.stack(np.broadcast_arrays(np.arange(W) * 20, np.arange(H)[:, None] * 25, 128), -1).astype(np.uint8)


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def deep(channels, colour):
    """A PNG of 16 bits a channel, which Pillow reads and does not write."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in DEEP[..., :channels])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, 16, colour, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def entry(name, data, upright=False):
    image = Image.open(io.BytesIO(data))
    image = ImageOps.exif_transpose(image) if upright else image
    rgb = image.convert("RGB")
    return {"name": name, "file": base64.b64encode(data).decode(), "width": rgb.width, "height": rgb.height,
            "rgb": base64.b64encode(rgb.tobytes()).decode()}


def files():
    rgb, gray = Image.fromarray(RGB), Image.fromarray(GRAY)
    rgba = Image.fromarray(np.concatenate([RGB, ALPHA], -1))
    smooth = Image.fromarray(SMOOTH)
    palette = rgb.quantize(16)
    yield "jpeg rgb", saved(smooth, "JPEG", quality=90)
    yield "jpeg rgb 444", saved(rgb, "JPEG", quality=95, subsampling=0)
    yield "jpeg progressive", saved(smooth, "JPEG", progressive=True)
    yield "jpeg gray", saved(gray, "JPEG")
    yield "jpeg cmyk", saved(smooth.convert("CMYK"), "JPEG", quality=95)
    yield "png rgb", saved(rgb, "PNG")
    yield "png rgba", saved(rgba, "PNG")
    yield "png gray", saved(gray, "PNG")
    yield "png gray alpha", saved(Image.merge("LA", (gray, Image.fromarray(ALPHA[..., 0]))), "PNG")
    yield "png palette", saved(palette, "PNG")
    yield "png palette with transparency", saved(palette, "PNG", transparency=3)
    yield "png one bit", saved(gray.convert("1"), "PNG")
    yield "png 16 bit gray", saved(Image.fromarray(WIDE), "PNG")
    yield "png 16 bit gray alpha", deep(2, 4)
    yield "png 16 bit rgb", deep(3, 2)
    yield "png 16 bit rgba", deep(4, 6)
    yield "gif", saved(palette, "GIF")
    yield "gif animated", saved(palette, "GIF", save_all=True, append_images=[Image.fromarray(255 - RGB).quantize(16)])
    yield "webp lossless", saved(rgb, "WEBP", lossless=True)
    yield "webp lossless alpha", saved(rgba, "WEBP", lossless=True, exact=True)
    yield "tiff rgb", saved(rgb, "TIFF")
    yield "tiff lzw", saved(rgb, "TIFF", compression="tiff_lzw")
    yield "tiff gray", saved(gray, "TIFF")
    yield "tiff cmyk", saved(rgb.convert("CMYK"), "TIFF")
    yield "one pixel", saved(rgb.crop((0, 0, 1, 1)), "PNG")
    yield "gif transparent", saved(palette, "GIF", transparency=3)
    yield "bmp rgb", saved(rgb, "BMP")
    yield "bmp palette", saved(palette, "BMP")
    yield "bmp gray", saved(gray, "BMP")
    yield "bmp one bit", saved(gray.convert("1"), "BMP")
    yield "bmp rgba", saved(rgba, "BMP")
    yield "tga rgb", saved(rgb, "TGA")
    yield "tga rgba", saved(rgba, "TGA")
    yield "tga gray", saved(gray, "TGA")
    yield "tga runs", saved(smooth, "TGA", compression="tga_rle")
    yield "tga palette", saved(palette, "TGA")
    yield "ppm", saved(rgb, "PPM")
    yield "pgm", saved(gray, "PPM")
    yield "pbm", saved(gray.resize((24, 18)).convert("1"), "PPM")
    yield "pbm text", b"P1 12 9\n" + b" ".join(b"%d" % (value & 1) for value in GRAY.flatten()) + b"\n"


def turned():
    smooth = Image.fromarray(SMOOTH)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        yield f"orientation {orientation}", saved(smooth, "JPEG", quality=95, exif=exif)


here = pathlib.Path(__file__).parent
(here / "pillow.json").write_text(json.dumps(
    {"plain": [entry(n, d) for n, d in files()], "turned": [entry(n, d, True) for n, d in turned()]}, indent=0) + "\n")
