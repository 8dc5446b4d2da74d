"""How often numbers of each size occur, as bars."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.panels.notice import wrapping_label
from explorer.app.panels.numbers import percent, plural, short
from explorer.app.tensors.page import Page
from explorer.app.tensors.sight import Sight
from explorer.program.viewing import Histogram, Survey

_LEFT, _TOP, _BOTTOM = 60, 8, 24
"""Room for the labels, in points."""
_TICKS = 5


class HistogramPage(Page):
    """Bars in the colours of a heat map, so that the sign is seen; infinity and NaN in words."""

    needs_histogram = True

    def __init__(self) -> None:
        super().__init__()
        self._bars = _Bars()
        self._bars.hovered.connect(self.told)
        self._bad = wrapping_label()
        self._bad.setProperty("role", "error")
        self._so_far = QLabel()
        self._so_far.setObjectName("so far")
        self._so_far.setProperty("role", "soft")
        self._log = QCheckBox("Logarithmic")
        self._log.setToolTip("Draw counts by powers of ten, so that rare numbers are seen, too")
        self._log.toggled.connect(self._bars.set_log)
        below = QHBoxLayout()
        below.addWidget(self._bad, 1)
        below.addWidget(self._so_far)
        below.addWidget(self._log)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        column.addWidget(self._bars, 1)
        column.addLayout(below)
        self.setFocusProxy(self._log)

    def show_sight(self, sight: Sight) -> None:
        """Nothing: what is shown comes with the survey."""

    def show_survey(self, survey: Survey) -> None:
        if survey.histogram is None:
            return
        known, counted = survey.statistics, int(survey.histogram.counts.sum())
        self._so_far.setText("" if survey.is_complete else f"about, from {counted:,} numbers")
        self._bars.show_histogram(survey.histogram)
        found = {"NaN": known.nans, "infinite": known.infinities}
        words = [f"{count:,} {word}" for word, count in found.items() if count]
        self._bad.setText(f"⚠ {' and '.join(words)} not drawn" if words else "")


class _Bars(QWidget):
    """The drawing. `hovered` tells in words what is under the pointer."""

    hovered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._histogram = Histogram(np.empty(0), np.empty(0, dtype=np.int64))
        self._log = False
        self._under: int | None = None
        self.setMouseTracking(True)
        self.setMinimumHeight(60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_histogram(self, histogram: Histogram) -> None:
        self._histogram = histogram
        counts, edges = histogram.counts, histogram.edges
        if counts.size:
            most = int(counts.argmax())
            span = f"{short(edges[0])} to {short(edges[-1])}"
            fullest = f"{short(edges[most])} to {short(edges[most + 1])}"
            name = f"Histogram: {plural(int(counts.sum()), 'number')} from {span}, "
            self.setAccessibleName(f"{name}most of them from {fullest}")
        self.update()

    @Slot(bool)
    def set_log(self, log: bool) -> None:
        """Draw counts by powers of ten."""
        self._log = log
        self.update()

    def bar_at(self, at: QPointF) -> int | None:
        """Which bar is at a point."""
        box, count = self._box, self._histogram.counts.size
        if not count or not box.contains(at):
            return None
        return min(int((at.x() - box.left()) / box.width() * count), count - 1)

    def in_words(self, bar: int) -> str:
        """0.10 to 0.12: 1,234 numbers (3.2 %)."""
        edges, counts = self._histogram.edges, self._histogram.counts
        share = percent(counts[bar] / max(int(counts.sum()), 1))
        numbers = plural(int(counts[bar]), "number")
        return f"{short(edges[bar])} to {short(edges[bar + 1])}: {numbers} ({share})"

    @property
    def _box(self) -> QRectF:
        width, height = self.width() - _LEFT - 8, self.height() - _TOP - _BOTTOM
        return QRectF(_LEFT, _TOP, max(width, 1), max(height, 1))

    def _heights(self) -> np.ndarray:
        """Each bar's height as a share of the tallest."""
        counts = self._histogram.counts.astype(np.float64)
        shown = np.log10(counts + 1) if self._log else counts
        return shown / (shown.max() or 1.0)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box, colours = self._box, theme.current()
        if self._histogram.counts.size:
            self._paint_bars(painter, box)
            self._paint_labels(painter, box)
        painter.setPen(QPen(QColor(colours.card_border), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.end()

    def _paint_bars(self, painter: QPainter, box: QRectF) -> None:
        edges, colours = self._histogram.edges, theme.current()
        middles = (edges[:-1] + edges[1:]) / 2
        # Bars near zero would be as pale as the panel: they keep a part of their colour.
        strength = middles / (np.abs(edges).max() or 1.0)
        strength = np.sign(strength) * (0.35 + 0.65 * np.abs(strength))
        inks = theme.diverging(np.where(strength == 0, 0.0, strength))
        width = box.width() / len(middles)
        for number, (height, ink) in enumerate(zip(self._heights(), inks.tolist(), strict=True)):
            tall = max(height * box.height(), 1.0) if height else 0.0
            left = box.left() + number * width
            bar = QRectF(left, box.bottom() - tall, max(width - 1, 1), tall)
            fill = QColor(*ink) if abs(strength[number]) else QColor(colours.text_soft)
            painter.fillRect(bar, fill)
            if number == self._under:
                painter.setPen(QPen(QColor(colours.text), 1))
                painter.drawRect(bar)

    def _paint_labels(self, painter: QPainter, box: QRectF) -> None:
        colours, edges = theme.current(), self._histogram.edges
        painter.setFont(theme.font(theme.SMALL_SIZE - 1))
        painter.setPen(QColor(colours.text_soft))
        for tick in range(_TICKS):
            share = tick / (_TICKS - 1)
            x = box.left() + share * box.width()
            words = short(edges[0] + share * (edges[-1] - edges[0]))
            where = {0: Qt.AlignmentFlag.AlignLeft, _TICKS - 1: Qt.AlignmentFlag.AlignRight}
            align = where.get(tick, Qt.AlignmentFlag.AlignHCenter)
            left = {0: x, _TICKS - 1: x - 90}.get(tick, x - 45)
            painter.drawText(QRectF(left, box.bottom() + 4, 90, 18), align, words)
        top = QRectF(0, box.top() - 4, _LEFT - 6, 18)
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(top, right, f"{int(self._histogram.counts.max()):,}")
        painter.drawText(QRectF(0, box.bottom() - 12, _LEFT - 6, 18), right, "0")
        if edges[0] < 0 < edges[-1]:
            zero = box.left() - edges[0] / (edges[-1] - edges[0]) * box.width()
            painter.setPen(QPen(QColor(colours.text_soft), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(zero, box.top()), QPointF(zero, box.bottom()))

    # The pointer

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self.bar_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def _point_at(self, bar: int | None) -> None:
        if bar != self._under:
            self._under = bar
            self.hovered.emit("" if bar is None else self.in_words(bar))
            self.update()
