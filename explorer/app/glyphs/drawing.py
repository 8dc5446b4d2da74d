"""How a small picture is written down, and made into paths to paint.

A drawing is text in the words of SVG's path data, in a box of 16 by 16, with a few shapes added:

    M x y, L x y …, C x y x y x y, Q x y x y, Z    move, lines, curves, close
    R x y w h      a rectangle by its top left corner
    O x y r        a circle by its centre
    T x y h abc    letters of height h from their top left corner
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QTransform

from explorer.app.glyphs.letters import LETTERS

BOX = 16.0
_LETTER_HEIGHT, _LETTER_GAP = 6.0, 1.5
_COMMAND = re.compile(r"([A-Z])([^A-Z]*)")
_LABEL = re.compile(r"T\s+([-\d.]+)\s+([-\d.]+)\s+([\d.]+)\s+(\S+)")


@dataclass(frozen=True)
class Drawing:
    """A picture as text: `lines` are stroked and `solid` is filled; both also come pale."""

    lines: str = ""
    solid: str = ""
    pale_lines: str = ""
    pale: str = ""


@dataclass(frozen=True)
class Glyph:
    """A picture ready to paint."""

    lines: QPainterPath
    solid: QPainterPath
    pale_lines: QPainterPath
    pale: QPainterPath


@cache
def glyph_of(drawing: Drawing) -> Glyph:
    """The paths that a drawing describes."""
    return Glyph(
        path_of(drawing.lines),
        path_of(drawing.solid),
        path_of(drawing.pale_lines),
        path_of(drawing.pale),
    )


def path_of(text: str) -> QPainterPath:
    """One path out of its text; ValueError where it cannot be read."""
    path = QPainterPath()
    for x, y, height, word in _LABEL.findall(text):
        _write(path, float(x), float(y), float(height), word)
    for command, rest in _COMMAND.findall(_LABEL.sub("", text)):
        _draw(path, command, [float(number) for number in rest.split()])
    return path


def _draw(path: QPainterPath, command: str, numbers: list[float]) -> None:
    if command == "Z" and not numbers:
        path.closeSubpath()
        return
    act, count = _ACTS[command]
    if not numbers or len(numbers) % count:
        raise ValueError(f"{command} takes {count} numbers at a time, not {len(numbers)}")
    for at in range(0, len(numbers), count):
        act(path, *numbers[at : at + count])


def _circle(path: QPainterPath, x: float, y: float, radius: float) -> None:
    path.addEllipse(QPointF(x, y), radius, radius)


_ACTS: dict[str, tuple[Callable[..., None], int]] = {
    "M": (QPainterPath.moveTo, 2),
    "L": (QPainterPath.lineTo, 2),
    "Q": (QPainterPath.quadTo, 4),
    "C": (QPainterPath.cubicTo, 6),
    "R": (QPainterPath.addRect, 4),
    "O": (_circle, 3),
}


def _write(path: QPainterPath, x: float, y: float, height: float, word: str) -> None:
    scale = height / _LETTER_HEIGHT
    for letter in word:
        strokes = path_of(LETTERS[letter])
        path.addPath(QTransform(scale, 0, 0, scale, x, y).map(strokes))
        x += (strokes.boundingRect().right() + _LETTER_GAP) * scale
