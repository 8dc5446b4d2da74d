"""A card of the start page: a picture of a graph, its name, and a sentence on it."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTextLayout,
)
from PySide6.QtWidgets import QAbstractButton

from explorer.app import theme
from explorer.app.icons import paint
from explorer.app.start_page.sketch import Sketch, paint_sketch, sketch
from explorer.graph import FileError, examples, load

_PICTURE, _PAD, _CORNER = 108, 12, 8


class GraphCard(QAbstractButton):
    """Opens a graph by a click, Enter or Space.

    `about` is a sentence below the name, `small` a line below that; `lines` is how many lines the
    sentence may take.
    """

    def __init__(
        self, name: str, drawn: Sketch | None, about: str, small: str = "", lines: int = 3
    ):
        super().__init__()
        self.about = about
        self._drawn, self._small, self._lines = drawn, small, lines
        self.setText(name)
        self.setAccessibleName(name)
        self.setAccessibleDescription(f"{about}. {small}" if small else about)
        self.setToolTip(f"Open {name}\n{about}" if about else f"Open {name}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        text, small = QFontMetrics(theme.font()), QFontMetrics(theme.font(theme.SMALL_SIZE))
        words = text.height() + 4 + small.lineSpacing() * (self._lines + bool(self._small))
        return QSize(240, _PICTURE + words + 2 * _PAD)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        outline = QPainterPath()
        outline.addRoundedRect(box, _CORNER, _CORNER)
        painter.fillPath(outline, QColor(colours.hover if self.isDown() else colours.card))
        self._paint_picture(painter, outline, box)
        self._paint_words(painter, box.adjusted(_PAD, _PICTURE + 8, -_PAD, -4))
        lit = self.hasFocus() or self.underMouse()
        ink = colours.accent if lit else colours.card_border
        painter.setPen(QPen(QColor(ink), 2.5 if self.hasFocus() else 1.2))
        painter.drawPath(outline)

    def _paint_picture(self, painter: QPainter, outline: QPainterPath, box: QRectF) -> None:
        colours = theme.current()
        room = QRectF(box.left(), box.top(), box.width(), _PICTURE)
        painter.save()
        painter.setClipRect(room)
        painter.fillPath(outline, QColor(colours.canvas))
        painter.restore()
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        if self._drawn is None:
            icon = QRectF(0, 0, 30, 30)
            icon.moveCenter(room.center())
            paint(painter, icon, "warning", colours.warning)
        else:
            paint_sketch(painter, room.adjusted(16, 12, -16, -12), self._drawn)

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        colours = theme.current()
        painter.setFont(theme.font(bold=True))
        painter.setPen(QColor(colours.text))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name)
        box.setTop(box.top() + metrics.height() + 4)
        painter.setFont(theme.font(theme.SMALL_SIZE))
        painter.setPen(QColor(colours.text_soft))
        small = painter.fontMetrics()
        for line in (*_broken(self.about, painter, box.width(), self._lines), self._small):
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, line)
            box.setTop(box.top() + small.lineSpacing())


def example_card(name: str) -> GraphCard:
    """The card of a starter graph."""
    try:
        graph = examples.load_example(name)
    except FileError as error:
        return GraphCard(name, None, str(error))
    return GraphCard(name, sketch(graph), examples.about(graph))


def file_card(path: Path, when: str) -> GraphCard:
    """The card of a file; one that cannot be read says so."""
    try:
        drawn, where = sketch(load(path)), _short(path.parent)
    except FileError:
        drawn, where = None, "This file cannot be read"
    card = GraphCard(path.name, drawn, where, when, lines=1)
    card.setToolTip(f"Open {path}")
    return card


def _short(folder: Path) -> str:
    """A folder as people write it: "~/nets"."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)


def _broken(text: str, painter: QPainter, width: float, lines: int) -> list[str]:
    """A text's lines, the last of which is cut short where there are more."""
    layout = QTextLayout(text, painter.font())
    found: list[str] = []
    layout.beginLayout()
    while len(found) < lines and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        rest = text[line.textStart() :]
        if len(found) == lines - 1:
            elide = Qt.TextElideMode.ElideRight
            found.append(painter.fontMetrics().elidedText(rest, elide, int(width)))
        else:
            found.append(rest[: line.textLength()].rstrip())
    layout.endLayout()
    return found
