"""Writes entities.txt, the table behind HtmlEntities, from Python's copy of HTML5's named character references."""
import html
import pathlib
from html.entities import html5

lines = ["# HTML5's names: name=characters; a leading ! marks one that needs no semicolon, ^ a name in capitals that only ftfy knows."]
for name in sorted(name for name in html5 if name.endswith(";")):
    bare, characters = name[:-1], html5[name]
    mark = "!" if bare in html5 else ""
    lines.append(f"{mark}{bare}={' '.join(f'{ord(unit):X}' for unit in characters)}")
    capitals = f"&{name.upper()}"
    if name == name.lower() and html.unescape(capitals) == capitals:
        lines.append(f"^{bare.upper()}={' '.join(f'{ord(unit):X}' for unit in characters.upper())}")
(pathlib.Path(__file__).parent / "entities.txt").write_text("\n".join(lines) + "\n")
