"""What all plots have in common: the theme's colours, where the pointer is, what a click means."""

from collections.abc import Iterable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from explorer.app import theme
from explorer.app.panels.moments import Moments

# pyqtgraph would drop a move that comes shortly after another, though it may be the last.
pg.setConfigOption("mouseRateLimit", -1)

_REACH = 12
"""Pixels beside a place that a click at it may be."""
_LEAST = 8
"""Pixels that the band of what can be opened is wide, at least: in a long run it were thinner than
a line."""
_APART = 18
"""Pixels between two numbers of an axis, at least."""

TIP = "Drag to move, turn the wheel to zoom, double-click to see all"


class PlotView(pg.PlotWidget):
    """A plot without menus or buttons.

    Signals:
        hovered(QPointF | None): where the pointer is, in the plot's numbers; None outside of it.
        clicked(QPointF): it was clicked there, and not for a second time.
        double_clicked: it was clicked twice.
    """

    hovered = Signal(object)
    clicked = Signal(object)
    double_clicked = Signal()

    def __init__(self, name: str, tip: str = TIP):
        super().__init__(axisItems={"left": _Axis("left")})
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        # It is shown nowhere, and would outlive the plot as a window of its own.
        self.destroyed.connect(plot.ctrlMenu.deleteLater)
        plot.hideButtons()
        plot.showGrid(x=True, y=True, alpha=0.18)
        for axis in ("left", "bottom"):
            plot.getAxis(axis).enableAutoSIPrefix(False)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self._at: QPointF | None = None
        self._kept = Moments()
        self._band = pg.LinearRegionItem(movable=False)
        self._moment = pg.InfiniteLine(angle=90, movable=False)
        self._offer = pg.InfiniteLine(
            angle=90, movable=False, label="", labelOpts={"position": 0.86}
        )
        self._offer.setZValue(1)  # above the curves, which come later
        for item in (self._band, self._moment, self._offer):
            item.setVisible(False)
            plot.addItem(item, ignoreBounds=True)
        self.getViewBox().sigXRangeChanged.connect(self._place_band)
        self.getViewBox().sigResized.connect(self._place_band)
        self._second = QTimer(self, singleShot=True)
        self._second.timeout.connect(self._tell_click)
        self.scene().sigMouseMoved.connect(self._on_mouse)
        self.scene().sigMouseClicked.connect(self._on_click)
        theme.changed.connect(self.retint)
        self.retint()

    def show_kept(self, kept: Moments) -> None:
        """Shade the steps that can be opened."""
        self._kept = kept
        self._place_band()

    @Slot()
    def _place_band(self, *_: object) -> None:
        span = self._kept.span
        self._band.setVisible(span is not None)
        if span is not None:
            missing = max(_LEAST * self._pixel - (span[1] - span[0]), 0.0)
            self._band.setRegion((span[0] - missing / 2, span[1] + missing / 2))

    def _show_offer(self, at: QPointF | None) -> None:
        """Mark the step that a click there would open, and say which it is."""
        step = None if at is None else self._kept.nearest(at.x(), self.reach)
        self._offer.setVisible(step is not None)
        if step is None:
            self.viewport().unsetCursor()
        else:
            self._offer.setValue(self._kept.place(step))
            self._offer.label.setFormat(f"Click: step {step + 1:,}")
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def offered(self) -> str:
        """What a click where the pointer is would do; "" where it would open no step."""
        return str(self._offer.label.format) if self._offer.isVisible() else ""

    def show_moment(self, x: float | None) -> None:
        """Mark the place that is looked at; None for none."""
        self._moment.setVisible(x is not None)
        if x is not None:
            self._moment.setValue(x)

    @property
    def reach(self) -> float:
        """How far from a place a click still means it, in the plot's numbers."""
        return _REACH * self._pixel

    @property
    def _pixel(self) -> float:
        """How far it is from one pixel to the next along x, in the plot's numbers."""
        return float(self.getViewBox().viewPixelSize()[0])

    @Slot()
    def retint(self) -> None:
        """Take the colours of the theme in use."""
        colours = theme.current()
        self.setBackground(colours.panel)
        self._offer.setPen(pg.mkPen(colours.current, width=1, style=Qt.PenStyle.DashLine))
        self._offer.label.setColor(colours.text)
        self._offer.label.fill = pg.mkBrush(colours.panel)
        self._band.setBrush(theme.colour(colours.current, 0.14))
        for edge in self._band.lines:
            edge.setPen(pg.mkPen(theme.colour(colours.current, 0.5), width=1))
        self._moment.setPen(pg.mkPen(colours.current, width=3))
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(pg.mkPen(colours.card_border))
            axis.setTextPen(colours.text_soft)
            axis.setStyle(tickFont=theme.font(theme.SMALL_SIZE), tickLength=-4, maxTickLevel=0)

    def _inside(self, at: Any) -> QPointF | None:
        """A scene point in the plot's numbers; None where no curve is drawn."""
        box = self.getViewBox()
        return box.mapSceneToView(at) if box.sceneBoundingRect().contains(at) else None

    @Slot(object)
    def _on_mouse(self, at: Any) -> None:
        inside = self._inside(at)
        self._show_offer(inside)
        self.hovered.emit(inside)

    @Slot(object)
    def _on_click(self, event: Any) -> None:
        """A click counts once it is clear that there is no second one."""
        self._at = None if event.double() else self._inside(event.scenePos())
        if self._at is None:
            self._second.stop()
        else:
            self._second.start(QApplication.doubleClickInterval())

    @Slot()
    def _tell_click(self) -> None:
        self.clicked.emit(self._at)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_offer(None)
        self.hovered.emit(None)

    def mouseDoubleClickEvent(self, event: Any) -> None:
        super().mouseDoubleClickEvent(event)
        self._second.stop()
        self.double_clicked.emit()


class _Axis(pg.AxisItem):
    """An axis whose numbers keep out of each other's way in a low plot."""

    def tickValues(  # noqa: N802 - pyqtgraph's name for it
        self, low: float, high: float, size: float
    ) -> list[Any]:
        levels = super().tickValues(low, high, size)
        least = _APART * (high - low) / size if size else 0.0
        return [(spacing, _apart(ticks, least)) for spacing, ticks in levels]


def _apart(ticks: Iterable[float], least: float) -> list[float]:
    """Those that stand so far from each other: powers of ten do so unevenly."""
    kept: list[float] = []
    for tick in sorted(ticks):
        if not kept or tick - kept[-1] >= least:
            kept.append(tick)
    return kept
