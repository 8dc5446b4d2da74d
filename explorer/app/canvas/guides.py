"""Where a card that is dragged lines up with others: how far it is off, and lines that show it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF

_SAME = 0.5
"""Edges no further apart than that, in scene units, are on one line."""
_BEYOND = 12.0
"""How far a line goes on past the cards that it joins."""

Edge = Callable[[QRectF], float]
_ACROSS: tuple[Edge, ...] = (
    lambda box: box.left(),
    lambda box: box.center().x(),
    lambda box: box.right(),
)
_DOWN: tuple[Edge, ...] = (
    lambda box: box.top(),
    lambda box: box.center().y(),
    lambda box: box.bottom(),
)


def shift_to_line(box: QRectF, others: Sequence[QRectF], reach: float) -> QPointF:
    """How far to move a box so that an edge or its middle is level with that of another.

    Each axis by itself, and by no more than `reach`.
    """
    return QPointF(_least(box, others, _ACROSS, reach), _least(box, others, _DOWN, reach))


def lines(box: QRectF, others: Sequence[QRectF]) -> list[QLineF]:
    """At most one line each way, through the edge or middle that is level with most others."""
    found = []
    x, beside = _most_level(box, others, _ACROSS)
    if beside:
        whole = _united(box, beside)
        found.append(QLineF(x, whole.top() - _BEYOND, x, whole.bottom() + _BEYOND))
    y, beside = _most_level(box, others, _DOWN)
    if beside:
        whole = _united(box, beside)
        found.append(QLineF(whole.left() - _BEYOND, y, whole.right() + _BEYOND, y))
    return found


def _least(box: QRectF, others: Sequence[QRectF], edges: Sequence[Edge], reach: float) -> float:
    gaps = (edge(other) - edge(box) for other in others for edge in edges)
    return min((gap for gap in gaps if abs(gap) <= reach), key=abs, default=0.0)


def _most_level(
    box: QRectF, others: Sequence[QRectF], edges: Sequence[Edge]
) -> tuple[float, list[QRectF]]:
    """Where the line goes, and through which others."""
    level = [
        (edge(box), [other for other in others if abs(edge(other) - edge(box)) <= _SAME])
        for edge in edges
    ]
    return max(level, key=lambda found: len(found[1]))


def _united(box: QRectF, others: Sequence[QRectF]) -> QRectF:
    """The box around all; of points too, which have no size."""
    every = [box, *others]
    left, top = min(b.left() for b in every), min(b.top() for b in every)
    right, bottom = max(b.right() for b in every), max(b.bottom() for b in every)
    return QRectF(QPointF(left, top), QPointF(right, bottom))
