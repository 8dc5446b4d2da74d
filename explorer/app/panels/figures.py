"""A few numbers, each below its name: one widget, as labels for all of them are slow to lay out."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.app import theme

_BELOW = 2
"""Between two lines of figures, in points."""


class Figures(QWidget):
    """Those that fit stand in a line and share its width; the others go on below.

    `tips` tells by name what the pointer reads of each.
    """

    def __init__(self, tips: Mapping[str, str]) -> None:
        super().__init__()
        self._tips = tips
        self._shown: dict[str, str] = {}
        self._widths: dict[str, int] = {}
        self._name_font = theme.font(theme.SMALL_SIZE - 1)
        self._font = theme.code_font(theme.SMALL_SIZE - 0.5)
        self._of_name, self._of_number = QFontMetrics(self._name_font), QFontMetrics(self._font)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def shown(self) -> Mapping[str, str]:
        """The numbers, as they are written, by name."""
        return self._shown

    @property
    def in_words(self) -> str:
        """All of them in one line."""
        return ", ".join(f"{name} {number}" for name, number in self._shown.items())

    def show_figures(self, figures: Mapping[str, str]) -> None:
        """Show these in the place of those before."""
        if figures == self._shown:
            return
        self._shown = dict(figures)
        self.setAccessibleName(self.in_words)
        widths = {name: self._width(name, number) for name, number in figures.items()}
        if widths != self._widths:
            self._widths = widths
            self.updateGeometry()
        self.update()

    def boxes(self, width: int | None = None) -> dict[str, QRect]:
        """Where each stands, in a widget that wide, or this one."""
        room, top = self.width() if width is None else width, 0
        found: dict[str, QRect] = {}
        for line in self._lines(room):
            spare = room - sum(self._widths[name] for name in line)
            more = max(spare - theme.SPACING * (len(line) - 1), 0) // len(line)
            left = 0
            for name in line:
                found[name] = QRect(left, top, self._widths[name] + more, self._high)
                left += self._widths[name] + more + theme.SPACING
            top += self._high + _BELOW
        return found

    def _lines(self, room: int) -> list[list[str]]:
        lines: list[list[str]] = []
        left = 0
        for name, width in self._widths.items():
            if not lines or width > left:
                lines.append([])
                left = room
            lines[-1].append(name)
            left -= width + theme.SPACING
        return lines

    def _width(self, name: str, number: str) -> int:
        advances = self._of_name.horizontalAdvance(name), self._of_number.horizontalAdvance(number)
        return max(advances)

    @property
    def _high(self) -> int:
        return self._of_name.height() + self._of_number.height()

    # What Qt asks of a widget

    def heightForWidth(self, width: int) -> int:
        lines = len(self._lines(width))
        return max(lines * (self._high + _BELOW) - _BELOW, 0)

    def sizeHint(self) -> QSize:
        gaps = theme.SPACING * max(len(self._widths) - 1, 0)
        return QSize(sum(self._widths.values()) + gaps, self._high)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._widths.values(), default=0), self._high)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.current()
        boxes = self.boxes()
        start = Qt.AlignmentFlag.AlignLeft
        painter.setFont(self._name_font)
        painter.setPen(colours.text_soft)
        for name, box in boxes.items():
            painter.drawText(box, start | Qt.AlignmentFlag.AlignTop, name)
        painter.setFont(self._font)
        painter.setPen(colours.text)
        for name, box in boxes.items():
            painter.drawText(box, start | Qt.AlignmentFlag.AlignBottom, self._shown[name])
        painter.end()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self)
            return True
        return super().event(event)

    def tip_at(self, at: QPoint) -> str:
        """What the pointer reads there; "" beside the figures."""
        under = (name for name, box in self.boxes().items() if box.contains(at))
        return self._tips.get(next(under, ""), "")
