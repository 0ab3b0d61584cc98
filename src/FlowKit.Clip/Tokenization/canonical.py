"""Writes canonical.txt, the table behind CanonicalComposition, from Python's Unicode data."""
import pathlib
import unicodedata as data

lines = [f"# Canonical decompositions of Unicode {data.unidata_version}: code=parts; a leading ! marks one that is never composed again."]
for point in range(0x110000):
    parts = data.decomposition(chr(point))
    if parts and not parts.startswith("<") and not 0xAC00 <= point <= 0xD7A3:
        excluded = data.normalize("NFC", chr(point)) != chr(point)
        lines.append(f"{'!' if excluded else ''}{point:X}={parts}")
lines.append("# Combining classes: first-last:class.")
runs = []
for point in range(0x110000):
    if combining := data.combining(chr(point)):
        if runs and runs[-1][1:] == [point - 1, combining]:
            runs[-1][1] = point
        else:
            runs.append([point, point, combining])
lines += [f"{first:X}-{last:X}:{combining}" for first, last, combining in runs]
(pathlib.Path(__file__).parent / "canonical.txt").write_text("\n".join(lines) + "\n")
