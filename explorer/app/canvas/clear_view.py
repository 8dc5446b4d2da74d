"""How far to move what is shown, so that a card is seen whole and nothing lies over it."""

from collections.abc import Sequence
from itertools import product

from PySide6.QtCore import QPointF, QRectF

_APART = 12.0
"""Pixels that a card which was moved keeps from the edge and from what lies over the net."""


def way_to_clear(card: QRectF, room: QRectF, covers: Sequence[QRectF]) -> QPointF | None:
    """The shortest way for a card to where it can be seen; None where no place will do.

    All in pixels of the view: the card, what is shown, and what lies over it. A card that can be
    seen already is left where it is, however near to an edge.
    """
    if _is_clear(card, room, covers):
        return QPointF()
    inner = room.adjusted(_APART, _APART, -_APART, -_APART)
    kept = [cover.adjusted(-_APART, -_APART, _APART, _APART) for cover in covers]
    across = [0.0, inner.left() - card.left(), inner.right() - card.right()]
    down = [0.0, inner.top() - card.top(), inner.bottom() - card.bottom()]
    for cover in kept:
        across += [cover.left() - card.right(), cover.right() - card.left()]
        down += [cover.top() - card.bottom(), cover.bottom() - card.top()]
    ways = [QPointF(*way) for way in product(across, down)]
    # A hair smaller: a card that ends where what covers begins is clear of it.
    body = card.adjusted(0.01, 0.01, -0.01, -0.01)
    clear = [way for way in ways if _is_clear(body.translated(way), inner, kept)]
    return min(clear, key=QPointF.manhattanLength, default=None)


def _is_clear(card: QRectF, room: QRectF, covers: Sequence[QRectF]) -> bool:
    return room.contains(card) and not any(cover.intersects(card) for cover in covers)
