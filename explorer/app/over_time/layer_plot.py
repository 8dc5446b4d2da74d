"""One quantity of several layers over the steps of a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.over_time.edge_marks import EdgeMarks
from explorer.app.over_time.style import layer_colour, layer_pen
from explorer.app.panels.notice import wrapping_label
from explorer.app.panels.numbers import percent, short
from explorer.app.panels.plot import Plot
from explorer.app.panels.plot_view import PlotView
from explorer.training.monitoring.record import Floats

_NEAR = 24
"""How far from a curve, in pixels, it is still pointed at."""
_BAND = 0.16
_AXIS = 50
_SHARES = [(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")]


@dataclass(frozen=True, eq=False)
class Line:
    """One layer's curve: `place` says how it looks; `spread` is how far a band reaches around it.

    `x` are steps, counted from 1; where `y` is no number there is none to draw. `gaps` are the
    places in them before which steps went by unmeasured: no line is drawn across.
    """

    node: str
    place: int
    x: Floats
    y: Floats
    spread: Floats | None = None
    gaps: Sequence[int] = ()

    def parted(self, values: Floats) -> Floats:
        """Numbers along it, with NaN in each gap."""
        return np.insert(values, list(self.gaps), np.nan)


class LayerPlot(Plot):
    """Draws the curves that it is given, each with one setData.

    Signals:
        hovered(float | None, str): the step that is pointed at, and the layer, "" for none.
    """

    hovered = Signal(object, str)

    def __init__(self, title: str, meaning: str, is_log: bool = False, is_share: bool = False):
        super().__init__(PlotView(f"{title} over steps", meaning))
        self.meaning = meaning
        self._is_log, self._is_share = is_log, is_share
        self._guide: float | None = None
        self._lines: dict[str, Line] = {}
        self._lit = ""
        self._view.setMinimumSize(40, 44)
        self._readout = QLabel()
        self._readout.setFont(theme.font(theme.SMALL_SIZE))
        self._readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._readout.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._told = wrapping_label()
        self._told.setFont(theme.font(theme.SMALL_SIZE))
        self._told.setProperty("role", "error")
        self._told.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        self._nothing = wrapping_label()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setProperty("role", "soft")
        self._make_items()
        self._lay_out(title)
        self._listen()
        self._retint()

    @property
    def readout(self) -> str:
        """What is told above the plot of what is pointed at."""
        return self._readout.text()

    @property
    def shown(self) -> dict[str, Line]:
        """The curves that are drawn, by node."""
        return dict(self._lines)

    def at(self, x: float, y: float) -> QPointF:
        """Where in the plot's own widget a place of it is."""
        height = log10(y) if self._is_log else y
        scene = self.view_box.mapViewToScene(QPointF(x, height))
        return QPointF(self._view.mapTo(self, self._view.mapFromScene(scene)))

    def show_guide(self, value: float, words: str) -> None:
        """Draw a line across at a value, with words for it."""
        self._guide = value
        self._guide_line.setValue(log10(value) if self._is_log else value)
        self._guide_line.setVisible(True)
        self._guide_line.label.setFormat(words)

    def say_nothing_is_shown(self, why: str) -> None:
        """What stands in the place of the plot where there is no curve to draw."""
        self._nothing.setText(why)
        self._nothing.setAccessibleName(why)

    def show_steps(self, wanted: bool) -> None:
        """Have numbers below the plot, or leave them to the plot that stands below."""
        self._view.getAxis("bottom").setStyle(showValues=wanted)
        self._view.getAxis("bottom").setHeight(None if wanted else 4)

    def draw(self, lines: Sequence[Line], follow_to: float | None) -> None:
        """Show these curves; with `follow_to` all of them, up to that step."""
        self._lines = {line.node: line for line in lines}
        self._stack.setCurrentIndex(1 if lines else 0)
        for number, line in enumerate(lines):
            curve, band = self._item(number)
            curve.setData(line.parted(line.x), line.parted(self._height(line.y)))
            band.setData(*self._band(line))
            self._dress(number, line)
        for curve, band in self._items[len(lines) :]:
            curve.clear()
            band.clear()
        self._show_ends(lines)
        self._marks.show([(line.node, line.place, line.x, line.y) for line in lines])
        self._told.setText(self._marks.words)
        self._told.setVisible(bool(self._marks.words))
        if follow_to is not None:
            self._fit(follow_to, lines)

    def show_cursor(self, step: float | None, node: str) -> None:
        """Put the cross-hair at a step and light up a layer's curve; tell its number there."""
        self._cross.setVisible(step is not None)
        if step is not None:
            self._cross.setValue(step)
        if node != self._lit:
            self._lit = node
            for number, line in enumerate(self._lines.values()):
                self._dress(number, line)
        lit = self._lines.get(node)
        self._readout.setText("" if lit is None or step is None else self._words_at(lit, step))

    def _words_at(self, line: Line, step: float) -> str:
        at = int(np.abs(line.x - step).argmin())
        value = float(line.y[at])
        words = percent(value) if self._is_share else short(value)
        if line.spread is not None:
            words = f"{words} ± {short(float(line.spread[at]))}"
        return f"{line.node} {words} · step {line.x[at]:,.0f}"

    # How it looks

    def _make_items(self) -> None:
        self._items: list[tuple[Any, Any]] = []
        self._view.getPlotItem().getAxis("left").setWidth(_AXIS)
        self._view.getAxis("left").setLogMode(y=self._is_log)
        if self._is_share:
            self._view.getAxis("left").setTicks([_SHARES])
        self.view_box.disableAutoRange()
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._guide_line = pg.InfiniteLine(
            angle=0, movable=False, label="", labelOpts={"position": 0.04, "anchors": [(0, 1)] * 2}
        )
        self._ends = pg.ScatterPlotItem(size=6, pxMode=True, pen=None)
        for item in (self._cross, self._guide_line, self._ends):
            self._view.getPlotItem().addItem(item, ignoreBounds=True)
        self._marks = EdgeMarks(self._view.getPlotItem(), self._is_log)
        self._cross.setVisible(False)
        self._guide_line.setVisible(False)

    def _item(self, number: int) -> tuple[Any, Any]:
        """The curve and the band of that number, made where there are none yet."""
        while len(self._items) <= number:
            curve = pg.PlotCurveItem(connect="finite", antialias=True)
            band = pg.PlotCurveItem(connect="finite", pen=None, fillLevel="enclosed")
            for item in (band, curve):
                self._view.getPlotItem().addItem(item, ignoreBounds=True)
            self._items.append((curve, band))
        return self._items[number]

    def _band(self, line: Line) -> tuple[Floats, Floats]:
        """The outlines of the band around a curve, one for each stretch that was measured: along
        its upper edge and back, and NaN."""
        if line.spread is None:
            return np.empty(0), np.empty(0)
        end, xs, ys = np.array([np.nan]), [], []
        for at in np.split(np.arange(len(line.x)), line.gaps):
            known = at[np.isfinite(line.y[at]) & np.isfinite(line.spread[at])]
            x, y, spread = line.x[known], line.y[known], line.spread[known]
            xs += [x, x[::-1], end]
            ys += [y + spread, (y - spread)[::-1], end]
        return np.concatenate(xs), np.concatenate(ys)

    def _dress(self, number: int, line: Line) -> None:
        curve, band = self._item(number)
        is_lit = line.node == self._lit
        curve.setPen(layer_pen(line.place, is_lit))
        share = _BAND * (2.0 if is_lit else 1.0)
        band.setBrush(theme.colour(layer_colour(line.place), share))

    def _show_ends(self, lines: Sequence[Line]) -> None:
        """A dot where each curve ends: it is all that there is of one step."""
        ends = [(line, float(self._height(line.y)[-1])) for line in lines if len(line.y)]
        known = [(line, y) for line, y in ends if np.isfinite(y)]
        self._ends.setData(
            x=[line.x[-1] for line, _ in known],
            y=[y for _, y in known],
            brush=[pg.mkBrush(layer_colour(line.place)) for line, _ in known],
        )

    def _height(self, y: Floats) -> Floats:
        """Where numbers stand in the plot; NaN for those that have no place there."""
        has_place = np.isfinite(y) & (y > 0) if self._is_log else np.isfinite(y)
        placed = np.where(has_place, y, np.nan)
        return np.log10(placed) if self._is_log else placed

    def _fit(self, end: float, lines: Sequence[Line]) -> None:
        edges = [self._height(line.y) for line in lines]
        edges += [line.y + way * line.spread for line in lines if line.spread is not None
                  for way in (1, -1)]  # fmt: skip
        if self._guide is not None:
            edges.append(np.array([log10(self._guide) if self._is_log else self._guide]))
        y = np.concatenate([*edges, np.empty(0)])
        y = y[np.isfinite(y)]
        low, high = (float(y.min()), float(y.max())) if len(y) else (0.0, 1.0)
        pad = 0.08 * (high - low) or 0.5
        if self._is_share:
            low, high, pad = 0.0, 1.0, 0.04
        first = min((float(line.x[0]) for line in lines if len(line.x)), default=0.0)
        room = max((end - first) * 0.02, 0.5)
        self._see((first - room, end + room), (low - pad, high + pad))

    def _lay_out(self, title: str) -> None:
        name = QLabel(title)
        name.setFont(theme.font(bold=True))
        name.setToolTip(self.meaning)
        head = QHBoxLayout()
        head.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        head.addWidget(name)
        head.addWidget(self._readout, 1)
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._told)
        column.addWidget(stack, 1)

    # Listening

    @Slot(object)
    def _on_hover(self, at: QPointF | None) -> None:
        if at is None:
            self.hovered.emit(None, "")
        else:
            self.hovered.emit(at.x(), self._nearest(at))

    def _nearest(self, at: QPointF) -> str:
        """The layer whose curve is pointed at, "" for none."""
        _, height = self.view_box.viewPixelSize()
        best, found = _NEAR * height, ""
        for line in self._lines.values():
            y = self._height(line.y)
            known = ~np.isnan(y)
            if known.any():
                away = abs(float(np.interp(at.x(), line.x[known], y[known])) - at.y())
                best, found = (away, line.node) if away <= best else (best, found)
        return found

    @Slot()
    def _retint(self) -> None:
        colours = theme.current()
        self._cross.setPen(pg.mkPen(colours.text_soft, width=1))
        self._guide_line.setPen(pg.mkPen(colours.text_soft, width=1, style=Qt.PenStyle.DashLine))
        self._guide_line.label.setColor(colours.text_soft)
        for number, line in enumerate(self._lines.values()):
            self._dress(number, line)
        self._show_ends(list(self._lines.values()))
        self._marks.place()
