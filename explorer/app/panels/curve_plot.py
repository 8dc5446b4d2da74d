"""One plot of curves over epochs, with a cross-hair and what is under it in numbers."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.panels.curves import Curve
from explorer.app.panels.numbers import short
from explorer.app.panels.plot import Plot
from explorer.app.panels.plot_view import PlotView
from explorer.app.panels.series_key import Series, series_pen

_MARKERS = 80
_AHEAD, _ASIDE = 0.08, 0.06
"""Room for a curve that grows, as shares of what there is: along x, and along y on each side."""
_ORDER: tuple[Series, ...] = ("steps", "mean", "validation")
_NAMES: dict[Series, str] = {"steps": "step", "mean": "mean", "validation": "validation"}


class CurvePlot(Plot):
    """Draws up to three curves. It knows nothing of where they come from."""

    hovered = Signal(object)
    view_changed = Signal()

    def __init__(self, title: str, unit: str = ""):
        super().__init__(PlotView(f"{title} over epochs"))
        self._unit = unit
        self._log = False
        self._shown: dict[Series, Curve] = {}
        self._title = QLabel(title)
        self._title.setFont(theme.font(bold=True))
        self._readout = Readout()
        self._view.setMinimumSize(40, 50)
        self._make_items()
        heading = QHBoxLayout()
        heading.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        heading.addWidget(self._title)
        heading.addWidget(self._readout, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(heading)
        column.addWidget(self._view, 1)
        self._listen()
        self._retint()

    @property
    def x_range(self) -> tuple[float, float]:
        low, high = self.view_box.viewRange()[0]
        return float(low), float(high)

    @property
    def pixels(self) -> int:
        """How many points wide the drawing is."""
        return max(int(self.view_box.width()), 50)

    @property
    def readout(self) -> str:
        """The numbers above the plot."""
        return self._readout.text

    def set_log(self, log: bool) -> None:
        """Draw the y axis by powers of ten."""
        self._log = log
        self._view.getAxis("left").setLogMode(y=log)

    def draw(self, curves: dict[Series, Curve], follow_to: float | None) -> None:
        """Show these curves; with `follow_to` the view takes in all of them up to that epoch."""
        self._shown = curves
        drawn = []
        for series, item in self._items.items():
            curve = curves.get(series)
            x, y = (curve.x, self._height(curve.y)) if curve else (np.empty(0), np.empty(0))
            item.setData(x, y)
            drawn.append(y)
        marked = curves.get("validation")
        few = marked is not None and len(marked.x) <= _MARKERS
        self._marks.setData(*self._items["validation"].getData() if few else ([], []))
        if follow_to is not None:
            self._fit(follow_to, np.concatenate(drawn))

    def show_cursor(self, x: float | None) -> None:
        """Put the cross-hair at an epoch, or show the latest values where there is none."""
        points = {s: c.at(math.inf if x is None else x) for s, c in self._shown.items()}
        known = {s: p for s, p in points.items() if p is not None and not math.isnan(p[1])}
        self._readout.show_values({_NAMES[s]: (s, self._in_words(p[1])) for s, p in known.items()})
        self._line.setVisible(x is not None and bool(known))
        self._dots.setVisible(x is not None)
        if x is not None:
            self._line.setValue(x)
            places = [(p[0], float(self._height(np.array([p[1]]))[0])) for p in known.values()]
            self._dots.setData(pos=places) if places else self._dots.clear()

    def _make_items(self) -> None:
        plot = self._view.getPlotItem()
        plot.getAxis("left").setWidth(56)
        self.view_box.disableAutoRange()
        self._items = {s: pg.PlotCurveItem(connect="finite", antialias=True) for s in _ORDER}
        self._marks = pg.ScatterPlotItem(size=6, pxMode=True)
        self._dots = pg.ScatterPlotItem(size=8, pxMode=True)
        self._line = pg.InfiniteLine(angle=90, movable=False)
        self._line.setVisible(False)
        for item in (*self._items.values(), self._marks, self._line, self._dots):
            plot.addItem(item, ignoreBounds=True)

    def _listen(self) -> None:
        super()._listen()
        self.view_box.sigRangeChanged.connect(self._on_range)

    def _height(self, y: np.ndarray) -> np.ndarray:
        if not self._log:
            return y
        return np.log10(np.where(y > 0, y, np.nan))

    def _fit(self, end: float, y: np.ndarray) -> None:
        y = y[~np.isnan(y)]
        low, high = (float(y.min()), float(y.max())) if len(y) else (0.0, 1.0)
        pad = 0.06 * (high - low) or 0.05 * max(abs(high), 1e-6)
        if self._unit == "%":
            low, high, pad = max(low, 0.0), min(high, 100.0), max(pad, 1.0)
        shown_x, shown_y = self.view_box.viewRange()
        self._see(
            _steady(shown_x, (0.0, max(end, 1e-3)), (0.0, _AHEAD)),
            _steady(shown_y, (low - pad, high + pad), (_ASIDE, _ASIDE)),
        )

    def _in_words(self, value: float) -> str:
        return f"{value:.1f} %" if self._unit == "%" else short(value)

    @Slot(object, object)
    def _on_range(self, _view: object, _ranges: object) -> None:
        self.view_changed.emit()

    @Slot(object)
    def _on_hover(self, at: QPointF | None) -> None:
        self.hovered.emit(at.x() if at is not None else None)

    @Slot()
    def _retint(self) -> None:
        colours = theme.current()
        for series, item in self._items.items():
            item.setPen(series_pen(series))
        self._marks.setPen(None)
        self._marks.setBrush(colours.validation)
        self._line.setPen(pg.mkPen(colours.text_soft, width=1))
        self._dots.setPen(pg.mkPen(colours.panel, width=1))
        self._dots.setBrush(colours.text)


def _steady(
    shown: tuple[float, float], wanted: tuple[float, float], room: tuple[float, float]
) -> tuple[float, float]:
    """What to show of an axis: what is shown as long as all that is wanted is in it and fills it.

    Else what is wanted with some room, as shares of it, below and above. An axis that stands still
    need not be lettered anew, which takes longer than to draw the curves.
    """
    size = wanted[1] - wanted[0]
    most = wanted[0] - 2 * room[0] * size, wanted[1] + 2 * room[1] * size
    if most[0] <= shown[0] <= wanted[0] and wanted[1] <= shown[1] <= most[1]:
        return shown[0], shown[1]
    return wanted[0] - room[0] * size, wanted[1] + room[1] * size


class Readout(QWidget):
    """Values in a row, each in the colour of its curve; the first ones go where room is short."""

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, tuple[Series, str]] = {}
        self.setFont(theme.font(theme.SMALL_SIZE))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(QFontMetrics(self.font()).height() + 4)

    @property
    def text(self) -> str:
        return " · ".join(f"{name} {value}" for name, (_, value) in self._values.items())

    def show_values(self, values: dict[str, tuple[Series, str]]) -> None:
        """Show these; each name goes with its series and its number in words."""
        if values != self._values:
            self._values = values
            self.setAccessibleName(self.text)
            self.setToolTip(self.text)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = painter.fontMetrics()
        colours = theme.current()
        right = self.width()
        for name, (series, value) in reversed(self._values.items()):
            colour = colours.validation if series == "validation" else colours.train
            if right - metrics.horizontalAdvance(f"{name} {value}") < theme.MARGIN:
                break
            for words, ink in ((f" {value}", colours.text), (name, colour)):
                right -= metrics.horizontalAdvance(words)
                painter.setPen(theme.colour(ink))
                box = self.rect().adjusted(right, 0, 0, 0)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
            right -= 12
        painter.end()
