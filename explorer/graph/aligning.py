"""Lining things up: boxes in, the places of their top left corners out.

A box is (left, top, width, height) in scene units, y growing downwards.
"""

from collections.abc import Mapping
from typing import Literal

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Line = Literal["left", "column", "right", "top", "row", "bottom"]
Way = Literal["across", "down"]

_SHARES: Mapping[Line, float] = {
    "left": 0.0,
    "column": 0.5,
    "right": 1.0,
    "top": 0.0,
    "row": 0.5,
    "bottom": 1.0,
}
"""How far along its width, or height, each box touches the line that it is put on."""


def aligned(boxes: Mapping[str, Box], line: Line) -> dict[str, Point]:
    """Where each stands once all touch one line: that of the outermost, or in the middle of all."""
    axis = 0 if line in ("left", "column", "right") else 1
    share = _SHARES[line]
    first = min(box[axis] for box in boxes.values())
    last = max(box[axis] + box[axis + 2] for box in boxes.values())
    level = first + (last - first) * share
    return {id: _moved(box, axis, level - box[axis + 2] * share) for id, box in boxes.items()}


def distributed(boxes: Mapping[str, Box], way: Way) -> dict[str, Point]:
    """Where each stands once the gaps between them are equal; the outermost two stay."""
    axis = 0 if way == "across" else 1
    order = sorted(boxes, key=lambda id: boxes[id][axis] * 2 + boxes[id][axis + 2])
    first, last = boxes[order[0]], boxes[order[-1]]
    room = last[axis] + last[axis + 2] - first[axis]
    gap = (room - sum(box[axis + 2] for box in boxes.values())) / max(len(order) - 1, 1)
    found, at = {}, first[axis]
    for id in order:
        found[id] = _moved(boxes[id], axis, at)
        at += boxes[id][axis + 2] + gap
    return found


def _moved(box: Box, axis: int, to: float) -> Point:
    return (to, box[1]) if axis == 0 else (box[0], to)
