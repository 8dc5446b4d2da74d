"""A small picture of a graph: a tile for each card, where it stands, and lines for the wires.

It needs no shapes, so that many can be drawn of files that are not open.
"""

from dataclasses import dataclass
from itertools import combinations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from explorer.app import theme
from explorer.app.glyphs import paint_tile
from explorer.graph import Graph, Unusable, blocks, grouping

_LARGEST, _SMALLEST = 30.0, 5.0
_SHARE = 0.64
"""How much of the way to the nearest tile one takes."""
_WIDEST_STEP = 62.0
"""How far apart the nearest tiles are at most, in points."""


@dataclass(frozen=True)
class Tile:
    """A card, by what is drawn of it; `at` is where its corner is on the canvas."""

    at: QPointF
    kind: str
    family: str
    is_usable: bool = True


@dataclass(frozen=True)
class Sketch:
    """A graph's tiles, and the wires between them by their places in `tiles`."""

    tiles: tuple[Tile, ...]
    wires: tuple[tuple[int, int], ...]


def sketch(graph: Graph) -> Sketch:
    """What a small picture shows of a graph, as one sees it when it is opened."""
    cards = {id: str(grouping.shown_as(graph, id, "")) for id in graph.nodes}
    places = {card: place for place, card in enumerate(dict.fromkeys(cards.values()))}
    ends = {(cards[w.source_node], cards[w.target_node]) for w in graph.wires.values()}
    wires = sorted((places[one], places[other]) for one, other in ends if one != other)
    return Sketch(tuple(_tile(graph, card) for card in places), tuple(wires))


def _tile(graph: Graph, card: str) -> Tile:
    at = QPointF(*graph.item(card).position)
    if card in graph.groups:
        return Tile(at, "Group", blocks.FAMILY)
    node = graph.nodes[card]
    if isinstance(node.layer, Unusable):
        return Tile(at, node.kind, "", is_usable=False)
    return Tile(at, node.kind, node.layer.family)


def paint_sketch(painter: QPainter, box: QRectF, drawn: Sketch) -> None:
    """Draw it in the middle of a box, as large as it fits."""
    if not drawn.tiles:
        return
    spots, size = _placed(drawn, box)
    colours = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for source, target in drawn.wires:
        start, end = spots[source], spots[target]
        # On to the line below, or back: paler, as it crosses much.
        ink = colours.border if end.x() < start.x() - size else colours.wire
        painter.setPen(QPen(QColor(ink), 1.3))
        painter.drawPath(_wire(start, end, size, box))
    for tile, spot in zip(drawn.tiles, spots, strict=True):
        place = QRectF(0, 0, size, size)
        place.moveCenter(spot)
        colour = colours.family(tile.family) if tile.is_usable else colours.error
        paint_tile(painter, place, tile.kind, tile.family, colour)
    painter.restore()


def _placed(drawn: Sketch, box: QRectF) -> tuple[list[QPointF], float]:
    """The middle of each tile in the box, and how large tiles are."""
    points = [tile.at for tile in drawn.tiles]
    left, top = min(p.x() for p in points), min(p.y() for p in points)
    wide, high = max(p.x() for p in points) - left, max(p.y() for p in points) - top
    nearest = min((_apart(a, b) for a, b in combinations(points, 2)), default=1.0) or 1.0
    # A tile at each end is as wide as its share of a step; the rest is for the steps.
    scale = min(
        box.width() / (wide + nearest * _SHARE),
        box.height() / (high + nearest * _SHARE),
        _WIDEST_STEP / nearest,
    )
    size = min(max(nearest * scale * _SHARE, _SMALLEST), _LARGEST)
    middle = QPointF(left + wide / 2, top + high / 2)
    return [box.center() + (point - middle) * scale for point in points], size


def _apart(one: QPointF, other: QPointF) -> float:
    """How far two corners are apart along the axis on which they are farther."""
    return max(abs(one.x() - other.x()), abs(one.y() - other.y()))


def _wire(start: QPointF, end: QPointF, size: float, box: QRectF) -> QPainterPath:
    """A curve between two tiles; one along a row passes below what is between."""
    across, down = end.x() - start.x(), end.y() - start.y()
    path = QPainterPath(start)
    if abs(down) < size / 2 and across > 2.5 * size:
        dip = QPointF(0, min(across * 0.2, box.height() * 0.3) * (across > 4 * size))
        path.cubicTo(start + QPointF(across / 4, 0) + dip, end - QPointF(across / 4, 0) + dip, end)
    else:
        path.cubicTo(start + QPointF(across / 2, 0), end - QPointF(across / 2, 0), end)
    return path
