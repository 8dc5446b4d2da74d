"""A row of controls that goes on in a line below where there is too little room."""

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class WrappingRow(QLayout):
    """Keeps the controls' own sizes; those that want to be wide share what is left of their line.

    It is never wider than it is given, down to its widest control. `spacing` is between controls,
    and between lines too unless `below` is given.
    """

    def __init__(self, spacing: int, parent: QWidget | None = None, below: int | None = None):
        # A layout is given to its widget once Python's part of it is there to be asked.
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._below = spacing if below is None else below
        self.setContentsMargins(QMargins())
        self.setSpacing(spacing)
        if parent is not None:
            parent.setLayout(self)

    # What Qt asks of a layout

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), is_trial=True)

    def setGeometry(self, box: QRect) -> None:
        super().setGeometry(box)
        self._place(box, is_trial=False)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        across = sum(item.sizeHint().width() for item in shown)
        across += self.spacing() * max(len(shown) - 1, 0)
        return self._framed(QSize(across, self._tallest(shown)))

    def minimumSize(self) -> QSize:
        shown = self._shown()
        widest = max((item.minimumSize().width() for item in shown), default=0)
        return self._framed(QSize(widest, self._tallest(shown)))

    # Lines

    def _place(self, box: QRect, is_trial: bool) -> int:
        """Put the controls into the box, unless that is a trial; how high it must be."""
        margins = self.contentsMargins()
        room = box.marginsRemoved(margins)
        top = room.top()
        lines = self._lines(room.width())
        for line in lines:
            height = self._tallest(line)
            if not is_trial:
                self._fill(line, QRect(room.left(), top, room.width(), height))
            top += height + self._below
        used = top - room.top() - (self._below if lines else 0)
        return used + margins.top() + margins.bottom()

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._shown():
            wide = self._least(item) + self.spacing()
            if not lines or wide - self.spacing() > left:
                lines.append([])
                left = width
            lines[-1].append(item)
            left -= wide
        return lines

    def _fill(self, line: list[QLayoutItem], box: QRect) -> None:
        across = Qt.Orientation.Horizontal
        greedy = [item for item in line if item.expandingDirections() & across]
        taken = sum(map(self._least, line)) + self.spacing() * (len(line) - 1)
        more = max(box.width() - taken, 0) // max(len(greedy), 1)
        left = box.left()
        for item in line:
            wide = min(self._least(item) + (more if item in greedy else 0), box.width())
            high = min(item.sizeHint().height(), box.height())
            item.setGeometry(QRect(left, box.top() + (box.height() - high) // 2, wide, high))
            left += wide + self.spacing()

    def _least(self, item: QLayoutItem) -> int:
        """How wide a control must be in its line: those that want to be wide can be narrow."""
        is_greedy = item.expandingDirections() & Qt.Orientation.Horizontal
        size = item.minimumSize() if is_greedy else item.sizeHint()
        return size.expandedTo(item.minimumSize()).width()

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _tallest(self, items: list[QLayoutItem]) -> int:
        return max((item.sizeHint().height() for item in items), default=0)

    def _framed(self, size: QSize) -> QSize:
        return size.grownBy(self.contentsMargins())
