"""A plane of a tensor as a heat map that can be zoomed into until each number has its own cell."""

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout

from explorer.app import theme
from explorer.app.panels.buttons import IconButton
from explorer.app.panels.notice import wrapping_label
from explorer.app.tensors.client import Asker, TensorClient
from explorer.app.tensors.heat_map import HeatMap, Place
from explorer.app.tensors.page import Page
from explorer.app.tensors.requests import Seen, Unseen
from explorer.app.tensors.sight import Index, Sight
from explorer.program.explanation import Box
from explorer.program.viewing import Overview, Picture, Query, Span, Summing

_MOST = 512
"""So many rows and columns a picture has at most."""
_ZOOM = 1.25
_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_BY: dict[str, Summing] = {"mean": "mean", "farthest from 0": "peak"}


class HeatPage(Page):
    """Colours for numbers. The wheel zooms, dragging moves, a double click shows all."""

    def __init__(self, client: TensorClient):
        super().__init__()
        self._asker = Asker(client, self._hear)
        self._sight: Sight | None = None
        self._rows: Span = (0, 0)
        self._columns: Span = (0, 0)
        self._boxes: Sequence[Box] = ()
        self._marked: Index | None = None
        self._edits: Mapping[Index, str] = {}
        self._map = _ZoomMap()
        self._map.setAccessibleName("Heat map")
        self._map.hovered.connect(self._on_hover)
        self._map.chosen.connect(self._on_chosen)
        self._map.zoomed.connect(self._zoom)
        self._map.dragged.connect(self._drag)
        self._map.walked.connect(self._walk)
        self._map.reset_wanted.connect(self._see_all)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)
        self._make_bar()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        column.addWidget(self._map, 1)
        column.addLayout(self._bar)
        self.setFocusProxy(self._map)

    def show_sight(self, sight: Sight) -> None:
        before, self._sight = self._sight, sight
        if before is None or before.size != sight.size:
            self._see_all()
        self._place_marks()
        self._soon.start()

    def mark(self, index: Index | None) -> None:
        self._marked = index
        self._place_marks()

    def light(self, boxes: Sequence[Box]) -> None:
        self._boxes = boxes
        self._place_marks()

    def show_edits(self, edits: Mapping[Index, str]) -> None:
        self._edits = edits
        self._place_marks()

    def stop(self) -> None:
        self._soon.stop()
        self._asker.stop()

    def _make_bar(self) -> None:
        self._part = wrapping_label()
        self._part.setProperty("role", "soft")
        self._by = QComboBox()
        self._by.addItems(list(_BY))
        self._by.setAccessibleName("What a cell of several numbers shows")
        self._by.setToolTip(
            "A cell that stands for several numbers shows their mean, or the one farthest from 0"
        )
        self._by.currentIndexChanged.connect(self._soon.start)
        self._all = IconButton("fit", "See all", "See all of it: a double click does so, too")
        self._all.clicked.connect(self._see_all)
        self._bar = QHBoxLayout()
        self._bar.addWidget(self._part, 1)
        self._bar.addWidget(self._by)
        self._bar.addWidget(self._all)

    # Numbers

    @Slot()
    def _ask(self) -> None:
        if self._sight is None:
            return
        ratio = self.devicePixelRatioF()
        most = (
            max(min(round(self._map.height() * ratio), _MOST), 1),
            max(min(round(self._map.room * ratio), _MOST), 1),
        )
        by = _BY[self._by.currentText()]
        query = Overview(self._sight.cut, self._rows, self._columns, most, by)
        self._asker.ask(self._sight.entry.address, query)

    def _hear(self, query: Query | None, answer: Seen | Unseen) -> None:
        if self._sight is None or not isinstance(query, Overview) or query.cut != self._sight.cut:
            return
        if isinstance(answer, Unseen) or answer.entry.shape != self._sight.entry.shape:
            entry = answer.entry
            sentence = answer.sentence if isinstance(answer, Unseen) else ""
            self.refused.emit(Unseen(answer.ticket, sentence, entry))
            return
        assert isinstance(answer.answer, Picture)
        self._map.show_picture(answer.answer)
        self._say_what_is_shown(answer.answer)

    def _say_what_is_shown(self, picture: Picture) -> None:
        high, wide = picture.block
        all_rows, all_columns = self._sight.size if self._sight else (0, 0)
        whole = (picture.rows, picture.columns) == ((0, all_rows), (0, all_columns))
        words = []
        if not whole:
            (top, bottom), (left, right) = picture.rows, picture.columns
            words.append(f"Rows {top:,}–{bottom - 1:,}, columns {left:,}–{right - 1:,}")
        if not picture.is_exact:
            words.append(f"A cell is {high:,} × {wide:,} numbers and shows their")
        self._part.setText(" · ".join(words))
        self._by.setVisible(not picture.is_exact)
        self._all.setVisible(not whole)

    # What a person does

    @Slot()
    def _see_all(self) -> None:
        if self._sight is not None:
            rows, columns = self._sight.size
            self._rows, self._columns = (0, rows), (0, columns)
            self._soon.start()

    @Slot(QPointF, float)
    def _zoom(self, at: QPointF, factor: float) -> None:
        """Show `factor` times as many rows and columns; what is at that share of it stays."""
        if self._sight is None:
            return
        rows, columns = self._sight.size
        self._rows = _scaled(self._rows, at.y(), factor, rows)
        self._columns = _scaled(self._columns, at.x(), factor, columns)
        self._soon.start()

    @Slot(QPointF)
    def _drag(self, by: QPointF) -> None:
        if self._sight is None:
            return
        rows, columns = self._sight.size
        self._rows = _moved(self._rows, by.y(), rows)
        self._columns = _moved(self._columns, by.x(), columns)
        self._soon.start()

    @Slot(int, int)
    def _walk(self, down: int, across: int) -> None:
        """Move what is chosen to a neighbour, and the view with it."""
        if self._sight is None or not all(self._sight.size):
            return
        rows, columns = self._sight.size
        row, column = self._sight.place(self._marked) or (self._rows[0], self._columns[0])
        row = min(max(row + down, 0), rows - 1)
        column = min(max(column + across, 0), columns - 1)
        self._rows, self._columns = _holding(self._rows, row), _holding(self._columns, column)
        self._soon.start()
        self._on_chosen(row, column)

    @Slot(object)
    def _on_hover(self, place: Place | None) -> None:
        if place is None or self._sight is None:
            self.told.emit("")
            return
        said = self._map.in_words(place)
        if self._map.picture.is_exact:
            said = f"{self._sight.in_words(*place)} = {said.rpartition(': ')[2]}"
        self.told.emit(said)

    @Slot(int, int)
    def _on_chosen(self, row: int, column: int) -> None:
        index = self._sight.cut.index(row, column) if self._sight else None
        if index is None:
            self.failed.emit("This is made of several numbers: fix an index for every other axis")
        else:
            self.chosen.emit(index)

    def _place_marks(self) -> None:
        if self._sight is not None:
            self._map.mark(self._sight.place(self._marked))
            self._map.light(self._sight.lit(self._boxes))
            self._map.show_edits(self._sight.placed(self._edits))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()


class _ZoomMap(HeatMap):
    """A heat map that is zoomed, moved, and walked over by the arrow keys.

    Signals:
        zoomed(at, factor), dragged(by): in shares of the picture's width and height.
        walked(down, across): by how many rows and columns.
    """

    zoomed = Signal(QPointF, float)
    dragged = Signal(QPointF)
    walked = Signal(int, int)
    reset_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._pressed: QPointF | None = None
        self._is_dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _share(self, at: QPointF) -> QPointF:
        box: QRectF = self.box
        return QPointF((at.x() - box.left()) / box.width(), (at.y() - box.top()) / box.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        share, turn = self._share(event.position()), event.angleDelta().y()
        if turn:
            self.zoomed.emit(share, _ZOOM ** (-turn / 120))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._is_dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        moved = event.position() - self._pressed
        self._is_dragging = self._is_dragging or moved.manhattanLength() > 6
        if self._is_dragging:
            self.dragged.emit(self._share(self._pressed) - self._share(event.position()))
            self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._is_dragging:
            super().mousePressEvent(event)
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(event.key())
        if step is not None:
            self.walked.emit(*step)
        elif event.text() in ("+", "-"):
            self.zoomed.emit(QPointF(0.5, 0.5), _ZOOM if event.text() == "-" else 1 / _ZOOM)
        else:
            super().keyPressEvent(event)


def _scaled(span: Span, share: float, factor: float, size: int) -> Span:
    """A span of another length in which what was at a share of it is still there."""
    length = span[1] - span[0]
    wanted = max(math.ceil(length * factor) if factor > 1 else int(length * factor), 1)
    fixed = span[0] + share * length
    return _within((round(fixed - share * wanted), round(fixed - share * wanted) + wanted), size)


def _moved(span: Span, share: float, size: int) -> Span:
    by = round(share * (span[1] - span[0]))
    return _within((span[0] + by, span[1] + by), size)


def _holding(span: Span, at: int) -> Span:
    """A span of the same length moved just as far as it takes to hold an index."""
    by = min(at - span[0], 0) or max(at + 1 - span[1], 0)
    return span[0] + by, span[1] + by


def _within(span: Span, size: int) -> Span:
    length = min(span[1] - span[0], size)
    first = min(max(span[0], 0), size - length)
    return first, first + length
