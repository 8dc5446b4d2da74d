"""Rows of a plane as curves over its columns: a sequence over time, or one long vector."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QVBoxLayout

from explorer.app import theme
from explorer.app.panels.notice import wrapping_label
from explorer.app.panels.numbers import short
from explorer.app.panels.plot_view import PlotView
from explorer.app.tensors.client import Asker, TensorClient
from explorer.app.tensors.page import Page
from explorer.app.tensors.requests import Seen, Unseen
from explorer.app.tensors.sight import Sight, axis_name
from explorer.program.viewing import Curves, Lines, Query

_STROKES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)
"""Colours come again with another stroke."""


class CurvesPage(Page):
    """Up to eight rows at a time; which ones can be chosen."""

    MOST = 8

    def __init__(self, client: TensorClient):
        super().__init__()
        self._asker = Asker(client, self._hear)
        self._sight: Sight | None = None
        self._lines: Lines | None = None
        self._plot = PlotView("Curves")
        self._plot.hovered.connect(self._on_hover)
        self._plot.double_clicked.connect(self._plot.getPlotItem().autoRange)
        self._curves: list[Any] = []
        self._key = wrapping_label()
        self._key.setTextFormat(Qt.TextFormat.RichText)
        self._name, self._first = QLabel(), QSpinBox()
        self._first.valueChanged.connect(self._ask)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)
        below = QHBoxLayout()
        below.addWidget(self._name)
        below.addWidget(self._first)
        below.addWidget(self._key, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        column.addWidget(self._plot, 1)
        column.addLayout(below)
        theme.changed.connect(self._retint)
        self.setFocusProxy(self._first)

    def show_sight(self, sight: Sight) -> None:
        self._sight = sight
        rows, _ = sight.size
        axis = sight.cut.rows
        words = "rows" if axis is None else axis_name(sight.entry, axis)
        for part in (self._name, self._first):
            part.setVisible(rows > self.MOST)
        self._name.setText(f"{words} from")
        self._first.setAccessibleName(f"First of {words}")
        self._first.setToolTip(f"Which of {words} to begin with")
        self._first.setRange(0, max(rows - 1, 0))
        across = sight.cut.columns
        self._plot.setLabel("bottom", "" if across is None else axis_name(sight.entry, across))
        self._soon.start()

    def stop(self) -> None:
        self._soon.stop()
        self._asker.stop()

    @Slot()
    def _ask(self) -> None:
        if self._sight is not None:
            query = Curves(self._sight.cut, self._first.value(), self.MOST)
            self._asker.ask(self._sight.entry.address, query)

    def _hear(self, query: Query | None, answer: Seen | Unseen) -> None:
        if isinstance(answer, Unseen):
            self.refused.emit(answer)
            return
        assert isinstance(answer.answer, Lines)
        self._lines = answer.answer
        while len(self._curves) < len(self._lines.y):
            self._curves.append(pg.PlotCurveItem(connect="finite", antialias=True))
            self._plot.addItem(self._curves[-1])
        for number, curve in enumerate(self._curves):
            shown = number < len(self._lines.y)
            curve.setVisible(shown)
            if shown:
                y = np.asarray(self._lines.y[number], dtype=np.float64)
                curve.setData(self._lines.x, np.where(np.isfinite(y), y, np.nan))
        self._retint()

    @Slot()
    def _retint(self) -> None:
        colours = theme.current().series
        for number, curve in enumerate(self._curves):
            pen = pg.mkPen(colours[number % len(colours)], width=1.6)
            pen.setStyle(_STROKES[number // len(colours) % len(_STROKES)])
            curve.setPen(pen)
        if self._lines is not None:
            key = (
                f"<span style='color:{colours[number % len(colours)]}'>"
                f"{'━' if number < len(colours) else '╍'} {self._lines.first + number}</span>"
                for number in range(len(self._lines.y))
            )
            self._key.setText("&nbsp;&nbsp;".join(key) if self._lines.of > 1 else "")

    @Slot(object)
    def _on_hover(self, place: QPointF | None) -> None:
        lines = self._lines
        if place is None or lines is None or not lines.x.size:
            self.told.emit("")
            return
        at = int(np.abs(lines.x - place.x()).argmin())
        values = (
            f"{lines.first + number}: {short(row[at].item())}" for number, row in enumerate(lines.y)
        )
        self.told.emit(f"at {lines.x[at]}   {'   '.join(values)}")
