"""Draws the README's pictures anew: each starter graph, by `main.py show`."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
EXAMPLES = FOLDER.parent / "examples"
MAIN = FOLDER.parents[1] / "main.py"

for example in sorted(EXAMPLES.glob("*.json")):
    picture = FOLDER / f"{example.stem}.png"
    command = [sys.executable, str(MAIN), "show", str(example), "--out", str(picture)]
    subprocess.run(command, check=True)
