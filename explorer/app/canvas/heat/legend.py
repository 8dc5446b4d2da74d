"""What the warmth of cards means: the ramp with its ends in numbers, and what is hatched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from explorer.app import keys, theme
from explorer.app.canvas.card_painter import broken_brush, unknown_brush
from explorer.app.canvas.heat.heat import Kind, Scale
from explorer.app.canvas.lettering import RIGHT, write

if TYPE_CHECKING:
    from explorer.app.canvas.view import GraphView

_MARGIN, _PAD, _BAR, _HATCH, _LINE = 12, 9, 10, 22, 17
_LEAST = 250


class HeatLegend(QWidget):
    """Lies in the upper right corner of the canvas; clicks go through it."""

    def __init__(self, view: GraphView):
        super().__init__(view)
        self._view = view
        self._kind: Kind | None = None
        self._scale: Scale | None = None
        self._remark = self._broken = self._unknown = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(theme.font(theme.SMALL_SIZE))
        view.installEventFilter(self)
        theme.changed.connect(self.update)
        keys.changed.connect(self._place)
        self.hide()

    def show_scale(
        self, kind: Kind, scale: Scale | None, remark: str, broken: str, unknown: str
    ) -> None:
        """Explain this quantity; without a scale no node has a number on a ramp.

        `broken` says how many have one that is NaN or infinite, "" for none; `unknown` why some
        have none at all.
        """
        self._kind, self._scale, self._remark, self._broken = kind, scale, remark, broken
        self._unknown = unknown
        self.setAccessibleName(" ".join(self.words))
        self._place()
        self.show()
        self.update()

    @property
    def words(self) -> tuple[str, ...]:
        """All that it says, line by line."""
        kind, scale = self._kind, self._scale
        if kind is None:
            return ()
        ends = "" if scale is None else f"{kind.words(scale.low)} to {kind.words(scale.high)}"
        unknown = f"unknown: {self._unknown}"
        return kind.name, self._how, ends, unknown, self._broken, keys.named_in(self._remark)

    @property
    def _how(self) -> str:
        return "" if self._scale is None or self._scale.is_share else "by powers of ten"

    def eventFilter(self, view: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(view, event)

    def _place(self) -> None:
        metrics = QFontMetricsF(self.font())
        name, how, _, unknown, broken, remark = self.words or ("",) * 6
        lines = (f"{name}    {how}", remark)
        wide = max(*(metrics.horizontalAdvance(line) for line in lines),
                   *(metrics.horizontalAdvance(each) + _HATCH + 6 for each in (unknown, broken)),
                   _LEAST)  # fmt: skip
        self.resize(round(wide) + 2 * _PAD, round(self._height))
        self.move(self._view.width() - self.width() - _MARGIN, _MARGIN)

    @property
    def _height(self) -> float:
        ramp = _BAR + _LINE if self._scale is not None else 0
        return 2 * _PAD + (4 if self._broken else 3) * _LINE + ramp

    def paintEvent(self, event: QPaintEvent) -> None:
        assert self._kind is not None, "it is shown with something to explain"
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.card_border))
        painter.setBrush(theme.colour(colours.panel, 0.94))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        name, how, _, unknown, broken, remark = self.words
        line = QRectF(_PAD, _PAD, self.width() - 2 * _PAD, _LINE)
        write(painter, line, name, theme.font(theme.SMALL_SIZE, bold=True), colours.text)
        write(painter, line, how, theme.font(theme.SMALL_SIZE), colours.text_soft, RIGHT)
        line.translate(0, _LINE)
        if self._scale is not None:
            self._ramp(painter, line, self._scale, self._kind)
            line.translate(0, _BAR + _LINE)
        self._swatch(painter, line, unknown_brush(), unknown, colours.text_soft)
        line.translate(0, _LINE)
        if broken:
            self._swatch(painter, line, broken_brush(), broken, colours.error)
            line.translate(0, _LINE)
        write(painter, line, remark, theme.font(theme.SMALL_SIZE), colours.text_soft)
        painter.end()

    def _ramp(self, painter: QPainter, line: QRectF, scale: Scale, kind: Kind) -> None:
        colours = theme.current()
        bar = QRectF(line.left(), line.top() + 2, line.width(), _BAR)
        ramp = QLinearGradient(QPointF(bar.left(), 0), QPointF(bar.right(), 0))
        for step in range(11):
            ramp.setColorAt(step / 10, QColor(theme.sequential(step / 10)))
        painter.setPen(QColor(colours.card_border))
        painter.setBrush(QBrush(ramp))
        painter.drawRect(bar)
        ends = QRectF(line.left(), bar.bottom() + 1, line.width(), _LINE)
        write(painter, ends, kind.words(scale.low), theme.font(theme.SMALL_SIZE), colours.text)
        write(
            painter, ends, kind.words(scale.high), theme.font(theme.SMALL_SIZE), colours.text, RIGHT
        )

    def _swatch(
        self, painter: QPainter, line: QRectF, brush: QBrush, words: str, colour: str
    ) -> None:
        painter.setPen(QColor(theme.current().card_border))
        painter.setBrush(brush)
        painter.drawRect(QRectF(line.left(), line.top() + 3, _HATCH, _LINE - 6))
        write(
            painter, line.adjusted(_HATCH + 6, 0, 0, 0), words, theme.font(theme.SMALL_SIZE), colour
        )
