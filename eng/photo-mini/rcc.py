"""Reads Qt's binary resource files (.rcc), as GCompris packs its pictures in them."""
import struct
import zlib

_COMPRESSED, _DIRECTORY, _ZSTD = 1, 2, 4


def entries(data):
    """Yields (path, bytes) of every file in a .rcc."""
    magic, version, tree, content, names = struct.unpack_from(">4sIIII", data)
    if magic != b"qres" or version not in (1, 2, 3):
        raise ValueError("not a .rcc of version 1 to 3")
    size = 14 if version == 1 else 22

    def name(offset):
        length, = struct.unpack_from(">H", data, names + offset)
        return data[names + offset + 6:names + offset + 6 + 2 * length].decode("utf-16-be")

    def walk(node, prefix):
        start, flags = tree + size * node, struct.unpack_from(">H", data, tree + size * node + 4)[0]
        path = prefix if node == 0 else f"{prefix}/{name(struct.unpack_from('>I', data, start)[0])}"
        if flags & _DIRECTORY:
            count, first = struct.unpack_from(">II", data, start + 6)
            for child in range(first, first + count):
                yield from walk(child, path)
            return
        offset = content + struct.unpack_from(">I", data, start + 10)[0]
        length, = struct.unpack_from(">I", data, offset)
        payload = data[offset + 4:offset + 4 + length]
        if flags & _ZSTD:
            raise ValueError(f"{path}: compressed with zstd")
        yield path, zlib.decompress(payload[4:]) if flags & _COMPRESSED else payload

    yield from walk(0, "")
