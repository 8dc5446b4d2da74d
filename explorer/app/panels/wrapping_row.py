"""A row of controls that goes on in a line below where there is too little room."""

from dataclasses import dataclass

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
        self._measured: list[_Control] | None = None
        self._heights: dict[int, int] = {}
        self._below = spacing if below is None else below
        self.setContentsMargins(QMargins())
        self.setSpacing(spacing)
        if parent is not None:
            parent.setLayout(self)

    # What Qt asks of a layout

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        if not 0 <= index < len(self._items):
            return None
        self.invalidate()
        return self._items.pop(index)

    def invalidate(self) -> None:
        super().invalidate()
        self._measured = None
        self._heights.clear()

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), is_trial=True)
        return self._heights[width]

    def setGeometry(self, box: QRect) -> None:
        super().setGeometry(box)
        self._place(box, is_trial=False)

    def sizeHint(self) -> QSize:
        shown = self._shown()
        across = sum(control.wanted.width() for control in shown)
        across += self.spacing() * max(len(shown) - 1, 0)
        return self._framed(QSize(across, _tallest(shown)))

    def minimumSize(self) -> QSize:
        shown = self._shown()
        widest = max((control.narrowest for control in shown), default=0)
        return self._framed(QSize(widest, _tallest(shown)))

    # Lines

    def _place(self, box: QRect, is_trial: bool) -> int:
        """Put the controls into the box, unless that is a trial; how high it must be."""
        margins = self.contentsMargins()
        room = box.marginsRemoved(margins)
        top = room.top()
        lines = self._lines(room.width())
        for line in lines:
            height = _tallest(line)
            if not is_trial:
                self._fill(line, QRect(room.left(), top, room.width(), height))
            top += height + self._below
        used = top - room.top() - (self._below if lines else 0)
        return used + margins.top() + margins.bottom()

    def _lines(self, width: int) -> list[list["_Control"]]:
        lines: list[list[_Control]] = []
        left, spacing = 0, self.spacing()
        for control in self._shown():
            if not lines or control.least > left:
                lines.append([])
                left = width
            lines[-1].append(control)
            left -= control.least + spacing
        return lines

    def _fill(self, line: list["_Control"], box: QRect) -> None:
        taken = sum(control.least for control in line) + self.spacing() * (len(line) - 1)
        greedy = sum(control.is_greedy for control in line)
        more = max(box.width() - taken, 0) // max(greedy, 1)
        left = box.left()
        for control in line:
            wide = min(control.least + (more if control.is_greedy else 0), box.width())
            high = min(control.wanted.height(), box.height())
            above = (box.height() - high) // 2
            control.item.setGeometry(QRect(left, box.top() + above, wide, high))
            left += wide + self.spacing()

    def _shown(self) -> list["_Control"]:
        """Measured once until Qt says that one of them has changed: it asks again and again."""
        if self._measured is None:
            self._measured = [_measure(item) for item in self._items if not item.isEmpty()]
        return self._measured

    def _framed(self, size: QSize) -> QSize:
        return size.grownBy(self.contentsMargins())


@dataclass(frozen=True, slots=True)
class _Control:
    """A control that is shown, with its sizes in points.

    Attributes:
        wanted: its own size.
        narrowest: the least width that it can have.
        least: how wide it must be in its line: one that wants to be wide can be narrow.
    """

    item: QLayoutItem
    wanted: QSize
    narrowest: int
    least: int
    is_greedy: bool


def _measure(item: QLayoutItem) -> _Control:
    wanted, narrowest = item.sizeHint(), item.minimumSize().width()
    is_greedy = bool(item.expandingDirections() & Qt.Orientation.Horizontal)
    least = narrowest if is_greedy else max(wanted.width(), narrowest)
    return _Control(item, wanted, narrowest, least, is_greedy)


def _tallest(controls: list[_Control]) -> int:
    return max((control.wanted.height() for control in controls), default=0)
