"""Writers of files that Pillow reads and cannot write: every field of the header may be set to what is odd."""
import struct
import zlib


def lzw(indices, bits):
    """GIF's LZW of indices, each of a number of bits."""
    clear, end = 1 << bits, (1 << bits) + 1
    out, held, count = bytearray(), 0, 0

    def put(code, size):
        nonlocal held, count
        held |= code << count
        count += size
        while count >= 8:
            out.append(held & 255)
            held >>= 8
            count -= 8

    table, size, text = {}, bits + 1, None
    put(clear, size)
    for index in indices:
        longer = (text, index)
        if text is None:
            text = index
        elif longer in table:
            text = table[longer]
        else:
            put(text, size)
            if len(table) + end + 1 < 4096:
                table[longer] = code = len(table) + end + 1
                if code == 1 << size and size < 12:
                    size += 1
            else:
                put(clear, size)
                table, size = {}, bits + 1
            text = index
    put(text, size)
    # What the last code adds to a reader's table may make the end mark one bit longer.
    if len(table) + end + 1 == 1 << size and size < 12:
        size += 1
    put(end, size)
    if count:
        out.append(held & 255)
    return bytes(out)


def gif_frame(width, height, indices, left=0, top=0, palette=b"", bits=8, interlaced=False, transparent=None, disposal=0):
    control = b"" if transparent is None and not disposal else b"!\xf9\x04" + struct.pack(
        "<BHBB", (disposal << 2) | (transparent is not None), 5, transparent or 0, 0)
    flags = (0x40 if interlaced else 0) | ((0x80 | (len(palette) // 3).bit_length() - 2) if palette else 0)
    if interlaced:
        rows = [indices[y * width:(y + 1) * width] for y in range(height)]
        order = [y for first, step in ((0, 8), (4, 8), (2, 4), (1, 2)) for y in range(first, height, step)]
        indices = b"".join(rows[y] for y in order)
    packed = lzw(indices, bits)
    blocks = b"".join(bytes([len(packed[i:i + 255])]) + packed[i:i + 255] for i in range(0, len(packed), 255))
    return control + b"," + struct.pack("<HHHHB", left, top, width, height, flags) + palette + bytes([bits]) + blocks + b"\0"


def gif(width, height, *frames, palette=b"", background=0, extra=b"", version=b"GIF89a", end=b";"):
    flags = (0x80 | (len(palette) // 3).bit_length() - 2) if palette else 0
    return version + struct.pack("<HHBBB", width, height, flags, background, 0) + palette + extra + b"".join(frames) + end


def png(width, height, depth, colour, rows, *chunks):
    """Rows are bytes as they are stored; chunks are pairs of a name and data, before the pixels."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    body = b"".join(chunk(kind, data) for kind, data in chunks)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)) + body
            + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))) + chunk(b"IEND", b""))


def tiff(order, tags, data):
    """A TIFF of one strip. Tags are {number: [values]}, SHORT where they fit and LONG otherwise; order is '<' or '>'."""
    tags = {259: [1], 273: [8], 278: tags[257], 279: [len(data)], 277: [1], **tags}
    place = 8 + len(data) + len(data) % 2
    entries, rest, after = b"", b"", place + 2 + len(tags) * 12 + 4
    for number in sorted(tags):
        values = tags[number]
        kind, code = (4, "I") if max(values) > 65535 else (3, "H")
        packed = struct.pack(order + code * len(values), *values)
        if len(packed) > 4:
            entries += struct.pack(order + "HHII", number, kind, len(values), after + len(rest))
            rest += packed + b"\0" * (len(packed) % 2)
        else:
            entries += struct.pack(order + "HHI", number, kind, len(values)) + packed.ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", place)
    return head + data + b"\0" * (len(data) % 2) + struct.pack(order + "H", len(tags)) + entries + b"\0\0\0\0" + rest


def bmp(width, height, bits, data, palette=b"", compression=0, colours=0, header=40, masks=b""):
    """A BMP; height may be negative, which means from the top. Masks stand behind a header of 40 bytes, or within a longer one."""
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression, len(data), 2835, 2835, colours, 0)
        info = (info + masks).ljust(header, b"\0") if header > 40 else info + masks
    offset = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + info + palette + data


def padded(rows):
    """A BMP's rows, each filled up to four bytes."""
    return b"".join(row + b"\0" * (-len(row) % 4) for row in rows)


def packed(indices, bits):
    """Indices of 1, 2 or 4 bits in bytes, the first in the highest."""
    per = 8 // bits
    indices = list(indices) + [0] * (-len(indices) % per)
    return bytes(sum(index << (8 - bits * (i + 1)) for i, index in enumerate(indices[at:at + per])) for at in range(0, len(indices), per))


def tga(width, height, kind, depth, data, palette=b"", entry=0, start=0, flags=0x20, name=b""):
    count = len(palette) // ((entry + 7) // 8) if entry else 0
    return struct.pack("<BBBHHBHHHHBB", len(name), 1 if palette else 0, kind, start, count, entry, 0, 0, width, height, depth, flags) + name + palette + data


def tga_runs(pixels, size, width):
    """TGA's run lengths of rows of a width: equal neighbours as runs, all others raw."""
    out, pixels = bytearray(), [pixels[i:i + size] for i in range(0, len(pixels), size)]
    at = 0
    while at < len(pixels):
        run, row = 1, (at // width + 1) * width
        while at + run < min(row, at + 128) and pixels[at + run] == pixels[at]:
            run += 1
        out += (bytes([0x80 | (run - 1)]) if run > 1 else b"\0") + pixels[at]
        at += run
    return bytes(out)
