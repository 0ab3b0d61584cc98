"""Thins a run's log to a small training curve: curve.py RUN [more.jsonl ...] > curve.jsonl

Further files hold development scores, as devset.py prints them.
"""
import json
import sys
from pathlib import Path

EVERY = 200                     # steps between two kept lines
KEPT = ("samples", "seconds", "loss", "contrast", "pictures", "captions", "categories", "kinds", "size", "lr")


def curve(run, others):
    """Kept lines in the order of samples."""
    lines = []
    for text in (run / "log.jsonl").read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        if "loss" in line and line["step"] % EVERY == 0:
            lines.append({key: line[key] for key in KEPT if key in line})
        elif "plan" in line or "development" in line:
            lines.append(line)
    for other in others:
        lines += [json.loads(text) for text in other.read_text(encoding="utf-8").splitlines()]
    return sorted(lines, key=lambda line: line["samples"])


if __name__ == "__main__":
    for entry in curve(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]):
        print(json.dumps(entry))
