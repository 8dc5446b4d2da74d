"""How much room there is below each card."""

from collections.abc import Mapping
from math import inf

from PySide6.QtCore import QRectF

from explorer.app.canvas import geometry

APART = 14.0
"""What stays free above the next card."""


def rooms(boxes: Mapping[str, QRectF]) -> dict[str, float]:
    """From each card's foot to the next card below it, by id; inf where none follows."""
    columns: dict[int, list[tuple[float, float, str]]] = {}
    for id, box in boxes.items():
        for column in _columns(box):
            columns.setdefault(column, []).append((box.top(), box.left(), id))
    found = dict.fromkeys(boxes, inf)
    for stack in columns.values():
        stack.sort()
        for number, (_, _, id) in enumerate(stack):
            box = boxes[id]
            for _, _, other in stack[number + 1 :]:
                below = boxes[other]
                if below.left() < box.right() and box.left() < below.right():
                    found[id] = min(found[id], below.top() - box.bottom() - APART)
                    break
    return found


def _columns(box: QRectF) -> range:
    """The strips of the canvas, each as wide as a card, that a card reaches into."""
    return range(int(box.left() // geometry.WIDTH), int(box.right() // geometry.WIDTH) + 1)
