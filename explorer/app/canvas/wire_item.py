"""A wire on the canvas, painted by Qt itself, and the small label with its shape."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import radians, sin

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPainterPathStroker, QPen
from PySide6.QtWidgets import (
    QGraphicsEllipseItem,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsSimpleTextItem,
)

from explorer.app import theme
from explorer.app.canvas import geometry
from explorer.app.canvas.bent_path import bent_path, clear_point, stretch_at
from explorer.app.canvas.card import Flow
from explorer.app.canvas.gradient_words import are_zero, on_wire, thickness
from explorer.program.flow import Gradient

Z = 0.0
REACH = 5.0
_THINNEST, _PER_AXIS, _MOST_AXES = 1.2, 0.4, 5
"""How thick a wire is in scene units: the more axes what it carries has, the thicker.

Where a gradient has come back, its norm says how thick."""
_LONGEST_FAULT = 60
BEND_REACH = 9.0
_DOT, _LARGE_DOT = 3.2, 5.5
"""The radius of a bend, and of one whose wire is under the pointer or selected."""
_LABEL_PIXELS = 10
_LABEL_HEIGHT = 15.0
_LEFT_BARE = 14.0
"""How much of a wire is seen on each side of its label; with less that stands beside it."""
_STEEP = 0.4
"""From which rise, of 1, on a label stands to the right of its wire, not above it."""


class WireItem(QGraphicsPathItem):
    """The curve from an output to an input; `target` is its key in the graph.

    `is_chosen` takes the place of Qt's selection, which would frame the curve in a dashed box.
    Each of its bends is a dot, of which one may be chosen instead. `chord` is the line that does
    for it from afar, if one does; `ends` are its start and its end. `on_touched` is called when
    it looks otherwise or is elsewhere.
    """

    def __init__(self, source: str, target: str):
        super().__init__()
        self.source = source
        self.target = target
        self.on_touched: Callable[[], object] | None = None
        self.chord: QLineF | None = None
        self.label: WireLabel | None = None
        self.shape_text = ""
        self._flow: Flow = "unknown"
        self.fault = ""
        self._rank = 1
        self._is_hovered = False
        self._is_aimed = False
        self.gradients: tuple[Gradient, ...] = ()
        self._is_doomed = False
        self.ends = QPointF(), QPointF()
        self._led: tuple[QPointF, ...] = ()
        self.is_chosen = False
        self.chosen_bend: int | None = None
        self._dots: list[QGraphicsEllipseItem] = []
        self.setZValue(Z)

    def route(
        self, start: QPointF, end: QPointF, bends: Sequence[tuple[float, float]] = ()
    ) -> None:
        """Draw the curve between two scene points, through its bends."""
        points = [start, *(QPointF(*place) for place in bends), end]
        self.ends, self._led = (start, end), ()
        self._place_dots(points[1:-1])
        is_direct = not bends and start.x() < end.x()
        self.chord = QLineF(start, end) if is_direct else None
        self._show(bent_path(points) if bends else geometry.wire_path(start, end))

    def lead(self, corners: Sequence[QPointF]) -> None:
        """Draw it around what is in its way: from corner to corner, its ends included."""
        self._led = tuple(corners)
        self.chord = None
        self._show(geometry.rounded(corners))

    def shift(self, by: QPointF) -> None:
        """Draw it elsewhere, the same; one without bends."""
        self.ends = self.ends[0] + by, self.ends[1] + by
        self._led = tuple(corner + by for corner in self._led)
        self.chord = self.chord.translated(by) if self.chord else None
        self.setPath(self.path().translated(by))
        if self.label is not None:
            self.label.setPos(self.label.pos() + by)
        self._touched()

    @property
    def is_led(self) -> bool:
        """Whether it is drawn around what is in its way."""
        return bool(self._led)

    def _show(self, path: QPainterPath) -> None:
        self.setPath(path)
        if self.label is not None:
            self.label.place(path, self.middle())
        self._touched()

    def _touched(self) -> None:
        if self.on_touched is not None:
            self.on_touched()

    @property
    def points(self) -> list[QPointF]:
        """Its start, its bends and its end."""
        start, end = self.ends
        return [start, *self.bends, end]

    def middle(self) -> QPointF:
        """Where its label goes."""
        if self._led:
            a, b = max(pairwise(self._led), key=lambda piece: geometry.distance(*piece))
            return (a + b) * 0.5
        return clear_point(self.points) if self._dots else self.path().pointAtPercent(0.5)

    def stretch_at(self, at: QPointF) -> int:
        """Between which bends it passes nearest to a scene point: 0 is before the first."""
        return stretch_at(self.points, at) if self._dots else 0

    @property
    def bends(self) -> list[QPointF]:
        """Where its bends are shown, from its start to its end."""
        return [dot.pos() for dot in self._dots]

    def bend_near(self, at: QPointF) -> int | None:
        """The number of the bend that a pointer at this scene point means, if any."""
        away = [(geometry.distance(place, at), number) for number, place in enumerate(self.bends)]
        nearest = min(away, default=(BEND_REACH + 1, 0))
        return nearest[1] if nearest[0] <= BEND_REACH else None

    def _place_dots(self, points: list[QPointF]) -> None:
        if len(points) != len(self._dots):
            self.chosen_bend = None
            for dot in self._dots:
                self.scene().removeItem(dot)
            self._dots = [QGraphicsEllipseItem(self) for _ in points]
            self._style_dots()
        for dot, point in zip(self._dots, points, strict=True):
            dot.setPos(point)

    def _style_dots(self) -> None:
        colours = theme.current()
        for number, dot in enumerate(self._dots):
            is_chosen = number == self.chosen_bend
            r = _LARGE_DOT if self._is_hovered or self.is_chosen or is_chosen else _DOT
            dot.setRect(-r, -r, 2 * r, 2 * r)
            dot.setBrush(QColor(colours.accent if is_chosen else colours.canvas))
            dot.setPen(QPen(QColor(colours.accent) if is_chosen else self.pen().color(), 2))

    def show_flow(self, flow: Flow, shape: str, rank: int, fault: str) -> None:
        """Colour by what flows, the thicker the more axes it has.

        A wire that its reader cannot take is dashed, in the error colour, and says why.
        """
        self._flow, self.fault, self._rank = flow, fault, rank
        self.shape_text = shape
        self.restyle()
        self.tell_label()

    def tell_label(self) -> None:
        """Have its label say what flows there or, above it, how large a gradient came back."""
        if self.label is None:
            return
        words = on_wire(self.gradients) if self.gradients else self.shape_text
        self.label.say(words, self.fault, is_beside=bool(self.gradients))
        self.label.place(self.path(), self.middle())

    def show_hovered(self, is_hovered: bool) -> None:
        if is_hovered != self._is_hovered:
            self._is_hovered = is_hovered
            self.restyle()

    def show_chosen(self, is_chosen: bool) -> None:
        if is_chosen != self.is_chosen or self.chosen_bend is not None:
            self.is_chosen, self.chosen_bend = is_chosen, None
            self.restyle()

    def show_chosen_bend(self, number: int) -> None:
        """Mark one of its bends, and not the wire, as what is selected."""
        self.is_chosen, self.chosen_bend = False, number
        self.restyle()

    def show_doomed(self, is_doomed: bool) -> None:
        """Light up while a stroke across it would cut it."""
        self._is_doomed = is_doomed
        self.restyle()

    def show_aimed(self, is_aimed: bool) -> None:
        """Light up while what is dragged would be inserted here."""
        self._is_aimed = is_aimed
        self.restyle()

    def show_gradients(self, gradients: tuple[Gradient, ...]) -> None:
        """Show what has come back along it: the thicker, the larger; dotted where it is 0."""
        if gradients != self.gradients:
            self.gradients = gradients
            self.restyle()
            self.tell_label()

    def restyle(self) -> None:
        """Set the pen for what is known; C++ paints with it from then on."""
        colours = theme.current()
        width = (
            self._own_width() + 1.4 * self._is_hovered + 1.6 * self.is_chosen + 2.6 * self._is_aimed
        )
        width += 1.6 * self._is_doomed
        pen = QPen(QColor(self._colour(colours)), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self._is_doomed:
            pen.setDashPattern([1.4, 1.0])
        elif self.fault:
            pen.setDashPattern([4.0, 2.5])
        elif self.gradients and are_zero(self.gradients):
            pen.setDashPattern([1.5, 3.0])
        if pen != self.pen():
            self.setPen(pen)
            self._touched()
        self._style_dots()

    def _own_width(self) -> float:
        if self.gradients:
            return thickness(self.gradients)
        return _THINNEST + _PER_AXIS * min(self._rank, _MOST_AXES)

    def _colour(self, colours: theme.Theme) -> str:
        if self._is_doomed:
            return colours.error
        if self.is_chosen or self._is_aimed:
            return colours.accent
        if self.fault:
            return colours.error
        if self.gradients:
            return colours.backward
        if self._flow == "unknown":
            return colours.port_unknown
        flow = colours.port_float if self._flow == "float" else colours.port_index
        return theme.mix(colours.wire, flow, 0.9 if self._is_hovered else 0.55)

    def is_near(self, point: QPointF, reach: float = REACH) -> bool:
        """Whether a scene point lies on the curve, give or take `reach`."""
        return self._drawn(2 * reach).contains(point)

    def crosses(self, shape: QPainterPath) -> bool:
        """Whether the curve, where it can be seen, meets a line or an area."""
        room = self.path().boundingRect().adjusted(-1, -1, 1, 1)
        near = shape.boundingRect().adjusted(-1, -1, 1, 1).intersects(room)
        return near and self.isVisible() and self._drawn(2.0).intersects(shape)

    def _drawn(self, width: float) -> QPainterPath:
        stroker = QPainterPathStroker()
        stroker.setWidth(width)
        return stroker.createStroke(self.path())


class WireLabel(QGraphicsPathItem):
    """A shape such as "(N, 64)" on a pill at the middle of a wire; absent where it cannot fit.

    On a wire that its reader cannot take it says why, whether there is room or not.
    """

    def __init__(self, layer: QGraphicsItem):
        super().__init__(layer)
        self._text = QGraphicsSimpleTextItem(self)
        self._text.setFont(geometry.card_font(_LABEL_PIXELS))
        self._width = 0.0
        self._fault = ""
        self._is_beside = False

    @property
    def words(self) -> str:
        """What it says."""
        return self._text.text()

    def say(self, told: str, fault: str, is_beside: bool = False) -> None:
        """Say what flows there, on the wire or beside it, or why it does not fit."""
        words = _shortened(fault) if fault else told
        self._is_beside = is_beside and not fault
        if words == self.words and self._width:
            return
        self._fault = fault
        self._text.setText(words)
        box: QRectF = self._text.boundingRect()
        self._width = box.width() + 10
        self.setPath(geometry.pill(self._width, _LABEL_HEIGHT))
        self._text.setPos(-box.width() / 2, -box.height() / 2)
        self.restyle()

    def place(self, path: QPainterPath, middle: QPointF) -> None:
        room = path.boundingRect()
        long = max(room.width(), room.height())
        fits = bool(self._fault) or long > self._width + 8
        self.setVisible(bool(self.words) and fits)
        away = QPointF(0, _LABEL_HEIGHT + 4) if self._fault else QPointF()
        is_steep = abs(sin(radians(path.angleAtPercent(0.5)))) > _STEEP
        covers = not is_steep and long < self._width + 2 * _LEFT_BARE
        if self._is_beside or (covers and not self._fault):
            away = QPointF(self._width / 2 + 8, 0) if is_steep else QPointF(0, -_LABEL_HEIGHT)
        self.setPos(middle + away)

    def restyle(self) -> None:
        colours = theme.current()
        self.setBrush(QColor(colours.canvas))
        self.setPen(QPen(QColor(colours.error if self._fault else colours.grid), 1))
        self._text.setBrush(QColor(colours.error if self._fault else colours.text_soft))
        self.setZValue(2.5 if self._fault else 0.0)


def _shortened(sentence: str) -> str:
    if len(sentence) <= _LONGEST_FAULT:
        return sentence
    return f"{sentence[: _LONGEST_FAULT - 1].rstrip()}…"
