"""Writes tests/testdata/pillow/pictures.jsonl: small pictures of every kind of file, each with what Pillow makes of it.

Run with Debian's python3-pil (9.4.0) and python3-numpy: the same seed gives the same files. A line has the file, and the size and the
SHA-256 of the bytes of Image.open(file).convert('RGB'), or that Pillow refuses it.
"""
import base64
import hashlib
import io
import json
import pathlib
import struct
import warnings

import numpy as np
import PIL
from PIL import Image

from files import bmp, gif, gif_frame, packed, padded, png, tga, tga_runs, tiff

warnings.simplefilter("ignore")
W, H = 13, 9
rng = np.random.default_rng(14)
RGB = rng.integers(0, 256, (H, W, 3), dtype=np.uint8)
GRAY = rng.integers(0, 256, (H, W), dtype=np.uint8)
ALPHA = rng.integers(0, 256, (H, W), dtype=np.uint8)
ALPHA[0, :4] = [0, 255, 1, 254]
RGBA = np.concatenate([RGB, ALPHA[..., None]], -1)
WIDE = rng.integers(0, 65536, (H, W), dtype=np.uint16)
WIDE[0, :5] = [0, 100, 255, 256, 65535]
DEEP = rng.integers(0, 65536, (H, W, 4), dtype=np.uint16)
SMOOTH = np.stack(np.broadcast_arrays(np.arange(W) * 19, np.arange(H)[:, None] * 28, 128), -1).astype(np.uint8)
COLOURS = rng.integers(0, 256, 256 * 3, dtype=np.uint8).tobytes()
RAMP = bytes(i for i in range(256) for _ in range(3))


def indices(count, width=W, height=H):
    """Indices in runs, as drawings have them."""
    return np.repeat(rng.integers(0, count, width * height, dtype=np.uint8), rng.integers(1, 4, width * height))[:width * height].tobytes()


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpegs():
    rgb, smooth, gray = Image.fromarray(RGB), Image.fromarray(SMOOTH), Image.fromarray(GRAY)
    for quality in (10, 50, 75, 95, 100):
        for subsampling in (0, 1, 2):
            yield f"jpeg quality {quality} subsampling {subsampling}", saved(rgb, "JPEG", quality=quality, subsampling=subsampling)
    for name, image in (("rgb", smooth), ("gray", gray), ("cmyk", smooth.convert("CMYK"))):
        yield f"jpeg {name} progressive", saved(image, "JPEG", progressive=True)
        yield f"jpeg {name} optimized", saved(image, "JPEG", optimize=True, quality=90)
    yield "jpeg with restart marks", saved(rgb.resize((40, 33)), "JPEG", quality=85, restart_marker_blocks=2)
    yield "jpeg with bytes behind its end", saved(smooth, "JPEG") + b"behind"
    yield "jpeg one pixel", saved(rgb.crop((0, 0, 1, 1)), "JPEG")
    yield "jpeg wide", saved(rgb.resize((97, 2)), "JPEG", quality=85)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        for kind, options in (("JPEG", {"quality": 90}), ("PNG", {}), ("WEBP", {"lossless": True})):
            yield f"{kind.lower()} orientation {orientation}", saved(smooth, kind, exif=exif, **options)


def pngs():
    for depth in (1, 2, 4, 8):
        count = 1 << depth
        used = indices(count)
        rows = [packed(used[y * W:(y + 1) * W], depth) for y in range(H)]
        whole = COLOURS[:count * 3]
        yield f"png gray of {depth} bits", png(W, H, depth, 0, rows)
        yield f"png gray of {depth} bits with tRNS", png(W, H, depth, 0, rows, (b"tRNS", struct.pack(">H", count - 1)))
        yield f"png palette of {depth} bits", png(W, H, depth, 3, rows, (b"PLTE", whole))
        yield f"png palette of {depth} bits with tRNS", png(W, H, depth, 3, rows, (b"PLTE", whole), (b"tRNS", bytes([0, 128][:count])))
        yield f"png palette of {depth} bits, gray ramp", png(W, H, depth, 3, rows, (b"PLTE", RAMP[:count * 3]))
        for short in sorted({1, count // 2, count - 1}):
            yield f"png palette of {depth} bits with {short} colours", png(W, H, depth, 3, rows, (b"PLTE", whole[:short * 3]))
            yield f"png palette of {depth} bits with {short} colours and tRNS", png(
                W, H, depth, 3, rows, (b"PLTE", whole[:short * 3]), (b"tRNS", b"\x40"))
    yield "png palette of 256 colours, no pixel at its end", png(W, H, 8, 3, [indices(3)[:W] for _ in range(H)], (b"PLTE", COLOURS[:9]))
    wide = [row.astype(">u2").tobytes() for row in WIDE]
    yield "png gray of 16 bits", png(W, H, 16, 0, wide)
    for value in (0, 100, 255, 65535):
        yield f"png gray of 16 bits with tRNS {value}", png(W, H, 16, 0, wide, (b"tRNS", struct.pack(">H", value)))
    for channels, colour, name in ((2, 4, "gray alpha"), (3, 2, "rgb"), (4, 6, "rgba")):
        yield f"png {name} of 16 bits", png(W, H, 16, colour, [row[:, :channels].astype(">u2").tobytes() for row in DEEP])
    yield "png rgb of 16 bits with tRNS", png(W, H, 16, 2, [row[:, :3].astype(">u2").tobytes() for row in DEEP], (b"tRNS", DEEP[0, 0, :3].astype(">u2").tobytes()))
    yield "png rgb with tRNS", png(W, H, 8, 2, [row.tobytes() for row in RGB], (b"tRNS", struct.pack(">HHH", *map(int, RGB[0, 0]))))
    yield "png rgb with gamma and chromaticities", png(
        W, H, 8, 2, [row.tobytes() for row in RGB], (b"gAMA", struct.pack(">I", 100000)), (b"cHRM", struct.pack(">8I", *[31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000])))
    yield "png rgb with background and significant bits", png(W, H, 8, 2, [row.tobytes() for row in RGB], (b"sBIT", b"\5\6\5"), (b"bKGD", struct.pack(">HHH", 1, 2, 3)))
    yield "png rgb with suggested palette", png(W, H, 8, 2, [row.tobytes() for row in RGB], (b"PLTE", COLOURS[:30]))
    yield "png rgba", png(W, H, 8, 6, [row.tobytes() for row in RGBA])
    yield "png gray alpha", png(W, H, 8, 4, [np.stack([g, a], -1).tobytes() for g, a in zip(GRAY, ALPHA)])
    for level in (0, 9):
        yield f"png rgb of level {level}", saved(Image.fromarray(RGB), "PNG", compress_level=level)
    yield "png smooth, filtered", saved(Image.fromarray(SMOOTH), "PNG", optimize=True)


def webps():
    rgb, rgba, smooth = Image.fromarray(RGB), Image.fromarray(RGBA), Image.fromarray(SMOOTH)
    for quality in (5, 50, 80, 100):
        yield f"webp quality {quality}", saved(smooth, "WEBP", quality=quality)
        yield f"webp noise quality {quality}", saved(rgb, "WEBP", quality=quality)
        yield f"webp alpha quality {quality}", saved(rgba, "WEBP", quality=quality, exact=True)
    yield "webp lossless", saved(rgb, "WEBP", lossless=True)
    yield "webp lossless palette", saved(rgb.quantize(7).convert("RGB"), "WEBP", lossless=True)
    yield "webp lossless alpha exact", saved(rgba, "WEBP", lossless=True, exact=True)
    yield "webp lossless alpha", saved(rgba, "WEBP", lossless=True)
    yield "webp animated", saved(rgb, "WEBP", save_all=True, append_images=[Image.fromarray(255 - RGB)], lossless=True)


def gifs():
    four, all_ = COLOURS[:12], COLOURS
    for interlaced in (False, True):
        tail = ", interlaced" if interlaced else ""
        for count, palette in ((2, COLOURS[:6]), (4, four), (16, COLOURS[:48]), (256, all_)):
            bits = max(2, count.bit_length() - 1)
            yield f"gif {count} colours{tail}", gif(W, H, gif_frame(W, H, indices(count), bits=bits, interlaced=interlaced), palette=palette)
            yield f"gif {count} colours, local palette{tail}", gif(
                W, H, gif_frame(W, H, indices(count), palette=palette, bits=bits, interlaced=interlaced), palette=all_[::-1][:count * 3])
            yield f"gif {count} colours, transparent{tail}", gif(
                W, H, gif_frame(W, H, indices(count), bits=bits, transparent=1, interlaced=interlaced), palette=palette)
        yield f"gif partial frame{tail}", gif(20, 18, gif_frame(W, H, indices(4), 3, 5, bits=2, interlaced=interlaced), palette=four, background=2)
        yield f"gif partial frame, transparent{tail}", gif(
            20, 18, gif_frame(W, H, indices(4), 3, 5, bits=2, transparent=2, interlaced=interlaced), palette=four, background=1)
        for height in (1, 2, 3, 4, 5, 8, 64):
            if interlaced:
                yield f"gif of {height} rows, interlaced", gif(7, height, gif_frame(7, height, indices(4, 7, height), bits=2, interlaced=True), palette=four)
    yield "gif partial frame, local palette", gif(20, 18, gif_frame(W, H, indices(4), 3, 5, palette=four[::-1], bits=2), palette=four, background=3)
    yield "gif partial frame, no palette", gif(20, 18, gif_frame(W, H, indices(4), 3, 5, bits=2), background=3)
    yield "gif partial frame, no palette, transparent", gif(20, 18, gif_frame(W, H, indices(256), 3, 5, transparent=77), background=3)
    yield "gif frame beyond its screen", gif(8, 6, gif_frame(W, H, indices(4), bits=2), palette=four)
    yield "gif frame partly beyond its screen", gif(8, 6, gif_frame(W, H, indices(4), 5, 4, bits=2, transparent=3), palette=four)
    yield "gif frame outside of its screen", gif(8, 6, gif_frame(3, 2, indices(4, 3, 2), 20, 1, bits=2), palette=four)
    yield "gif screen of no size", gif(0, 0, gif_frame(W, H, indices(4), bits=2), palette=four)
    yield "gif no palette", gif(W, H, gif_frame(W, H, indices(256)))
    yield "gif no palette, transparent", gif(W, H, gif_frame(W, H, indices(256), transparent=9))
    yield "gif global ramp", gif(W, H, gif_frame(W, H, indices(256)), palette=RAMP)
    yield "gif global ramp of 4", gif(W, H, gif_frame(W, H, indices(4), bits=2), palette=RAMP[:12])
    yield "gif local ramp under a global palette", gif(W, H, gif_frame(W, H, indices(256), palette=RAMP), palette=all_)
    yield "gif local ramp of 4 under a global palette", gif(W, H, gif_frame(W, H, indices(4), palette=RAMP[:12], bits=2), palette=four)
    yield "gif local ramp, partial, transparent", gif(20, 18, gif_frame(W, H, indices(4), 2, 2, palette=RAMP[:12], bits=2, transparent=3), palette=four)
    yield "gif local palette over a global ramp", gif(W, H, gif_frame(W, H, indices(4), palette=four, bits=2), palette=RAMP)
    yield "gif local ramp alone", gif(W, H, gif_frame(W, H, indices(256), palette=RAMP))
    yield "gif indices beyond the palette", gif(W, H, gif_frame(W, H, indices(256)), palette=four)
    yield "gif indices beyond the palette, transparent", gif(W, H, gif_frame(W, H, indices(256), transparent=200), palette=four)
    yield "gif transparent index beyond the palette, partial", gif(20, 18, gif_frame(W, H, indices(4), 1, 1, bits=2, transparent=200), palette=four)
    yield "gif 12 bits of data", gif(W, H, gif_frame(W, H, indices(4), bits=11), palette=four)
    yield "gif 1 bit of data", gif(W, H, gif_frame(W, H, indices(2), bits=1), palette=COLOURS[:6])
    for disposal in range(4):
        yield f"gif animated, disposal {disposal}", gif(
            W, H, gif_frame(W, H, indices(4), bits=2, disposal=disposal, transparent=0),
            gif_frame(5, 5, indices(4, 5, 5), 2, 2, bits=2, disposal=disposal, transparent=1), palette=four, background=1)
    yield "gif animated, first frame partial", gif(20, 18, gif_frame(5, 4, indices(4, 5, 4), 6, 7, bits=2, disposal=2), gif_frame(20, 18, indices(4, 20, 18), bits=2), palette=four)
    yield "gif with comment and application", gif(
        W, H, gif_frame(W, H, indices(4), bits=2), palette=four, extra=b"!\xfe\x05hello\x03you\0!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0")
    yield "gif with two controls", gif(
        20, 18, gif_frame(W, H, indices(4), 3, 5, bits=2, disposal=1), palette=four, extra=b"!\xf9\x04\x01\0\0\x03\0")
    yield "gif with plain text", gif(W, H, gif_frame(W, H, indices(4), bits=2), palette=four, extra=b"!\x01\x0c" + bytes(12) + b"\x02hi\0")
    yield "gif with bytes between blocks", gif(W, H, gif_frame(W, H, indices(4), bits=2), palette=four, extra=b"\0\0\0")
    yield "gif 87a", gif(W, H, gif_frame(W, H, indices(4), bits=2), palette=four, version=b"GIF87a")
    yield "gif without end", gif(W, H, gif_frame(W, H, indices(4), bits=2), palette=four, end=b"")
    yield "gif with bytes behind its end", gif(W, H, gif_frame(W, H, indices(4), bits=2), palette=four, end=b";behind")
    yield "gif of many codes", gif(120, 90, gif_frame(120, 90, rng.integers(0, 256, 120 * 90, dtype=np.uint8).tobytes()), palette=all_)
    yield "gif of one colour", gif(200, 150, gif_frame(200, 150, b"\1" * 30000, bits=2), palette=four)
    yield "gif one pixel, transparent", gif(1, 1, gif_frame(1, 1, b"\0", bits=2, transparent=0), palette=four)


def tiffs():
    size = {256: [W], 257: [H]}
    rgb, gray, rgba = RGB.tobytes(), GRAY.tobytes(), RGBA.tobytes()
    for order in "<>":
        name = "little" if order == "<" else "big"
        wide, deep = WIDE.astype(order + "u2").tobytes(), DEEP.astype(order + "u2")
        for orientation in range(1, 9):
            yield f"tiff rgb, orientation {orientation}, {name}", tiff(order, {**size, 258: [8, 8, 8], 262: [2], 277: [3], 274: [orientation]}, rgb)
        yield f"tiff gray, {name}", tiff(order, {**size, 258: [8], 262: [1]}, gray)
        yield f"tiff gray, white is 0, {name}", tiff(order, {**size, 258: [8], 262: [0]}, gray)
        for depth in (1, 2, 4):
            rows = b"".join(packed(indices(1 << depth)[y * W:(y + 1) * W], depth) for y in range(H))
            for photometric in (0, 1):
                yield f"tiff gray of {depth} bits, photometric {photometric}, {name}", tiff(order, {**size, 258: [depth], 262: [photometric]}, rows)
        for depth in (1, 2, 4, 8):
            rows = b"".join(packed(indices(1 << depth)[y * W:(y + 1) * W], depth) if depth < 8 else indices(256)[y * W:(y + 1) * W] for y in range(H))
            yield f"tiff palette of {depth} bits, {name}", tiff(
                order, {**size, 258: [depth], 262: [3], 320: rng.integers(0, 65536, 3 << depth).tolist()}, rows)
        for photometric in (0, 1):
            yield f"tiff gray of 16 bits, photometric {photometric}, {name}", tiff(order, {**size, 258: [16], 262: [photometric]}, wide)
            yield f"tiff floats, photometric {photometric}, {name}", tiff(
                order, {**size, 258: [32], 262: [photometric], 339: [3]}, (WIDE.astype(order + "f4") / 200 - 20).astype(order + "f4").tobytes())
        yield f"tiff signed 16 bits, {name}", tiff(order, {**size, 258: [16], 262: [1], 339: [2]}, (WIDE.astype(np.int32) // 100 - 200).astype(order + "i2").tobytes())
        yield f"tiff signed 32 bits, {name}", tiff(order, {**size, 258: [32], 262: [1], 339: [2]}, (WIDE.astype(np.int32) // 100 - 200).astype(order + "i4").tobytes())
        yield f"tiff unsigned 32 bits, {name}", tiff(order, {**size, 258: [32], 262: [1]}, (WIDE.astype(np.uint32) * 40000).astype(order + "u4").tobytes())
        yield f"tiff doubles, {name}", tiff(order, {**size, 258: [64], 262: [1], 339: [3]}, (WIDE / 200).astype(order + "f8").tobytes())
        yield f"tiff rgb of floats, {name}", tiff(
            order, {**size, 258: [32] * 3, 262: [2], 277: [3], 339: [3] * 3}, (RGB / 255).astype(order + "f4").tobytes())
        yield f"tiff rgb of 16 bits, {name}", tiff(order, {**size, 258: [16] * 3, 262: [2], 277: [3]}, deep[..., :3].tobytes())
        for extra, kind in ((0, "unspecified"), (1, "associated"), (2, "unassociated")):
            yield f"tiff {kind} alpha, {name}", tiff(order, {**size, 258: [8] * 4, 262: [2], 277: [4], 338: [extra]}, rgba)
            yield f"tiff {kind} alpha of 16 bits, {name}", tiff(order, {**size, 258: [16] * 4, 262: [2], 277: [4], 338: [extra]}, deep.tobytes())
        yield f"tiff associated alpha, orientation 6, {name}", tiff(order, {**size, 258: [8] * 4, 262: [2], 277: [4], 338: [1], 274: [6]}, rgba)
        yield f"tiff alpha without a kind, {name}", tiff(order, {**size, 258: [8] * 4, 262: [2], 277: [4]}, rgba)
        yield f"tiff gray alpha, {name}", tiff(order, {**size, 258: [8] * 2, 262: [1], 277: [2], 338: [2]}, np.stack([GRAY, ALPHA], -1).tobytes())
        five = np.concatenate([RGBA, GRAY[..., None]], -1)
        for first, kind in ((0, "of 5 bands"), (1, "of 5 bands, associated"), (2, "of 5 bands, unassociated")):
            yield f"tiff {kind}, {name}", tiff(order, {**size, 258: [8] * 5, 262: [2], 277: [5], 338: [first, 0]}, five.tobytes())
        yield f"tiff cmyk, {name}", tiff(order, {**size, 258: [8] * 4, 262: [5], 277: [4]}, rgba)
        yield f"tiff cmyk of 5 bands, {name}", tiff(order, {**size, 258: [8] * 5, 262: [5], 277: [5], 338: [0]}, five.tobytes())
        yield f"tiff lab, {name}", tiff(order, {**size, 258: [8] * 3, 262: [8], 277: [3]}, rgb)
        yield f"tiff rgb of planes, {name}", tiff(
            order, {**size, 258: [8, 8, 8], 262: [2], 277: [3], 284: [2], 273: [8, 8 + W * H, 8 + 2 * W * H], 279: [W * H] * 3}, RGB.transpose(2, 0, 1).tobytes())
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        image = Image.fromarray(SMOOTH)
        for orientation in (1, 5, 8):
            yield f"tiff {compression}, orientation {orientation}", saved(image, "TIFF", compression=compression, tiffinfo={274: orientation})
        yield f"tiff {compression}, gray", saved(Image.fromarray(GRAY), "TIFF", compression=compression)
    for compression in ("group3", "group4"):
        yield f"tiff {compression}", saved(Image.fromarray(GRAY).convert("1"), "TIFF", compression=compression)
    yield "tiff of two pages", saved(Image.fromarray(RGB), "TIFF", save_all=True, append_images=[Image.fromarray(255 - RGB)])


def bmps():
    for depth in (1, 4, 8):
        count = 1 << depth
        used = indices(count)
        rows = padded(packed(used[y * W:(y + 1) * W], depth) for y in range(H))
        quads = b"".join(COLOURS[i * 3:i * 3 + 3] + b"\0" for i in range(count))
        yield f"bmp {depth} bits", bmp(W, H, depth, rows, quads)
        yield f"bmp {depth} bits, from the top", bmp(W, -H, depth, rows, quads)
        yield f"bmp {depth} bits, number of colours", bmp(W, H, depth, rows, quads, colours=count)
        yield f"bmp {depth} bits, OS/2", bmp(W, H, depth, rows, COLOURS[:count * 3], header=12)
        for header in (64, 108, 124):
            yield f"bmp {depth} bits, header of {header}", bmp(W, H, depth, rows, quads, header=header)
        few = max(1, count - 3)
        yield f"bmp {depth} bits, {few} colours", bmp(W, H, depth, rows, quads[:few * 4], colours=few)
    gray = b"".join(bytes([i, i, i, 0]) for i in range(256))
    yield "bmp 8 bits, gray", bmp(W, H, 8, padded(row.tobytes() for row in GRAY), gray)
    yield "bmp 1 bit, black and white", bmp(W, H, 1, padded(packed(row & 1, 1) for row in GRAY), b"\0\0\0\0\xff\xff\xff\0")
    yield "bmp 1 bit, white and black", bmp(W, H, 1, padded(packed(row & 1, 1) for row in GRAY), b"\xff\xff\xff\0\0\0\0\0")
    words = padded(row.astype("<u2").tobytes() for row in WIDE)
    for top in (1, -1):
        tail = "" if top > 0 else ", from the top"
        yield f"bmp 16 bits{tail}", bmp(W, H * top, 16, words)
        yield f"bmp 24 bits{tail}", bmp(W, H * top, 24, padded(row.tobytes() for row in RGB))
        yield f"bmp 32 bits{tail}", bmp(W, H * top, 32, RGBA.tobytes())
    yield "bmp 24 bits, OS/2", bmp(W, H, 24, padded(row.tobytes() for row in RGB), header=12)
    opaque = RGBA.copy()
    opaque[..., 3] = 0
    yield "bmp 32 bits, no alpha", bmp(W, H, 32, opaque.tobytes())
    for name, masks in (("565", (0xF800, 0x7E0, 0x1F)), ("555", (0x7C00, 0x3E0, 0x1F))):
        yield f"bmp 16 bits, masks {name}", bmp(W, H, 16, words, compression=3, masks=struct.pack("<III", *masks))
        yield f"bmp 16 bits, masks {name}, header of 108", bmp(W, H, 16, words, compression=3, header=108, masks=struct.pack("<III", *masks))
    for name, masks in (("bgrx", (0xFF0000, 0xFF00, 0xFF, 0)), ("xbgr", (0xFF000000, 0xFF0000, 0xFF00, 0)), ("abgr", (0xFF000000, 0xFF0000, 0xFF00, 0xFF)),
                        ("rgba", (0xFF, 0xFF00, 0xFF0000, 0xFF000000)), ("bgra", (0xFF0000, 0xFF00, 0xFF, 0xFF000000))):
        yield f"bmp 32 bits, masks {name}", bmp(W, H, 32, RGBA.tobytes(), compression=3, header=124, masks=struct.pack("<IIII", *masks))
    quads = b"".join(COLOURS[i * 3:i * 3 + 3] + b"\0" for i in range(256))

    def rows_of(runs):
        return b"\0\0".join([runs] * H) + b"\0\1"

    yield "bmp runs of 8 bits", bmp(W, H, 8, rows_of(b"\x05\x07\x08\x09"), quads, compression=1)
    yield "bmp runs of 8 bits, from the top", bmp(W, -H, 8, rows_of(b"\x05\x07\x08\x09"), quads, compression=1)
    yield "bmp runs of 8 bits, absolute", bmp(W, H, 8, rows_of(b"\0\x06\1\2\3\4\5\6\x07\x09"), quads, compression=1)
    yield "bmp runs of 8 bits, absolute and odd", bmp(W, H, 8, rows_of(b"\0\x05\1\2\3\4\5\0\x08\x09"), quads, compression=1)
    yield "bmp runs of 8 bits, short rows", bmp(W, H, 8, rows_of(b"\x05\x07"), quads, compression=1)
    yield "bmp runs of 8 bits, gray", bmp(W, H, 8, rows_of(b"\x05\x07\x08\x09"), gray, compression=1)
    yield "bmp runs of 4 bits", bmp(W, H, 4, rows_of(b"\x05\x17\x08\x29"), quads[:64], compression=2)
    yield "bmp runs of 4 bits, absolute", bmp(W, H, 4, rows_of(b"\0\x04\x12\x34\x09\x29"), quads[:64], compression=2)
    yield "bmp runs of 4 bits, absolute and odd", bmp(W, H, 4, rows_of(b"\0\x05\x12\x34\x50\0\x08\x29"), quads[:64], compression=2)
    yield "bmp runs of 8 bits, a step", bmp(W, H, 8, b"\x05\x07\0\2\3\1\x05\x06\0\1", quads, compression=1)
    yield "bmp runs of 8 bits that end early", bmp(W, H, 8, b"\x0d\x07\0\0\0\1", quads, compression=1)


def tgas():
    rgb, rgba, gray = RGB.tobytes(), RGBA.tobytes(), GRAY.tobytes()
    used = indices(16)
    both = np.stack([GRAY, ALPHA], -1).tobytes()
    for flags, name in ((0x20, "top"), (0, "bottom"), (0x30, "top right"), (0x10, "bottom right")):
        for runs in (False, True):
            tail, kind = (", runs", 8) if runs else ("", 0)

            def pack(pixels, size, runs=runs):
                return tga_runs(pixels, size, W) if runs else pixels

            yield f"tga 24 bits, {name}{tail}", tga(W, H, 2 | kind, 24, pack(rgb, 3), flags=flags)
            yield f"tga 32 bits, {name}{tail}", tga(W, H, 2 | kind, 32, pack(rgba, 4), flags=flags | 8)
            yield f"tga 16 bits, {name}{tail}", tga(W, H, 2 | kind, 16, pack(WIDE.astype("<u2").tobytes(), 2), flags=flags)
            yield f"tga gray, {name}{tail}", tga(W, H, 3 | kind, 8, pack(gray, 1), flags=flags)
            yield f"tga gray alpha, {name}{tail}", tga(W, H, 3 | kind, 16, pack(both, 2), flags=flags | 8)
            for entry in (16, 24, 32):
                yield f"tga palette of {entry} bits, {name}{tail}", tga(
                    W, H, 1 | kind, 8, pack(used, 1), palette=COLOURS[:16 * entry // 8], entry=entry, flags=flags)
    yield "tga with a name", tga(W, H, 2, 24, rgb, name=b"a picture")
    yield "tga palette that begins at 4", tga(W, H, 1, 8, used, palette=COLOURS[:36], entry=24, start=4)
    yield "tga palette of 16 colours of 256", tga(W, H, 1, 8, indices(256), palette=COLOURS[:48], entry=24)
    yield "tga palette of 16 bits and 16 colours of 256", tga(W, H, 1, 8, indices(256), palette=COLOURS[:32], entry=16)
    yield "tga gray, runs across rows", tga(W, H, 11, 8, tga_runs(np.repeat(GRAY.flatten()[::5], 5)[:W * H].tobytes(), 1, W * H))
    yield "tga with a footer", tga(W, H, 2, 24, rgb) + bytes(8) + b"TRUEVISION-XFILE.\0"


def pnms():
    def text(values):
        return b" ".join(b"%d" % value for value in values.flatten())

    rgb, gray, bits = RGB.tobytes(), GRAY.tobytes(), GRAY & 1
    size = b"%d %d" % (W, H)
    yield "pnm P1", b"P1\n" + size + b"\n" + text(bits) + b"\n"
    yield "pnm P1 without spaces", b"P1 " + size + b"\n" + text(bits).replace(b" ", b"")
    yield "pnm P1 with comments", b"P1 # one\n" + size + b"\n# two\n" + text(bits) + b"#end\n"
    yield "pnm P4", b"P4 " + size + b"\n" + b"".join(packed(row, 1) for row in bits)
    for highest in (1, 7, 100, 200, 255, 256, 1000, 4095, 65535):
        wide, full = highest > 255, np.minimum(WIDE % (highest + 1), highest)
        colours = DEEP[..., :3] % (highest + 1)
        code = ">u2" if wide else "u1"
        head = size + b" %d\n" % highest
        yield f"pnm P2 up to {highest}", b"P2 " + head + text(full)
        yield f"pnm P3 up to {highest}", b"P3 " + head + text(colours)
        yield f"pnm P5 up to {highest}", b"P5 " + head + full.astype(code).tobytes()
        yield f"pnm P6 up to {highest}", b"P6 " + head + colours.astype(code).tobytes()
    yield "pnm P6 whose pixels look like spaces", b"P6 " + size + b" 255\n" + b"  \n\t" + rgb[4:]
    yield "pnm P5 whose pixels look like a comment", b"P5 " + size + b" 255\n" + b"# \n" + gray[3:]
    yield "pnm P6 with comments", b"P6\n# a picture\n" + size + b"\n#\n255\n" + rgb
    yield "pnm P6 with bytes behind its end", b"P6 " + size + b" 255\n" + rgb + b"P6 1 1 255 abc"
    yield "pnm P5 above its highest", b"P5 " + size + b" 100\n" + gray
    yield "pnm P2 above its highest", b"P2 " + size + b" 100\n" + text(GRAY)


def answer(data):
    try:
        rgb = Image.open(io.BytesIO(data)).convert("RGB")
        return {"width": rgb.width, "height": rgb.height, "sha256": hashlib.sha256(rgb.tobytes()).hexdigest()}
    except Exception as error:  # Whatever it is: Pillow has no pixels of this file.
        return {"refused": f"{type(error).__name__}"}


KINDS = [jpegs, pngs, webps, gifs, tiffs, bmps, tgas, pnms]
lines = [{"name": name, "file": base64.b64encode(data).decode(), **answer(data)} for kind in KINDS for name, data in kind()]
assert len({line["name"] for line in lines}) == len(lines)
target = pathlib.Path(__file__).resolve().parents[2] / "tests/testdata/pillow/pictures.jsonl"
target.parent.mkdir(exist_ok=True)
target.write_text("".join(json.dumps(line) + "\n" for line in lines))
print(f"Pillow {PIL.__version__}: {len(lines)} pictures, of which it refuses {sum('refused' in line for line in lines)}; {target.stat().st_size} bytes")
