"""Two tensors side by side, or the one less the other."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from explorer.app import theme
from explorer.app.panels.buttons import WordButton
from explorer.app.tensors.client import Place, TensorClient
from explorer.app.tensors.tensor_view import TensorView
from explorer.program.viewing import Address, Difference

_BESIDE, _LESS = "Side by side", "Difference"


class CompareView(QWidget):
    """Both are cut, scrolled and looked at in the same way as long as their shapes are equal.

    Signals:
        named(title): what is compared.
    """

    named = Signal(str)

    def __init__(self, client: TensorClient, one: Address, other: Address):
        super().__init__()
        self.one, self.other, self.less = (TensorView(client) for _ in range(3))
        places: tuple[Place, ...] = one, other, Difference(one, other)
        for view, place in zip(self.views, places, strict=True):
            view.look_at(place)
        self._beside = QSplitter(Qt.Orientation.Horizontal)
        self._beside.setChildrenCollapsible(False)
        self._beside.addWidget(self.one)
        self._beside.addWidget(self.other)
        self._group = QButtonGroup(self)
        line = QHBoxLayout()
        line.setContentsMargins(theme.MARGIN, theme.SPACING, theme.MARGIN, 0)
        line.setSpacing(2)
        for words, tip in (
            (_BESIDE, "Both tensors next to each other, cut and scrolled as one"),
            (_LESS, "The first less the second, with the statistics of that"),
        ):
            button = WordButton(words, words, tip)
            self._group.addButton(button)
            line.addWidget(button)
        line.addStretch(1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._beside)
        self._stack.addWidget(self.less)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addLayout(self._stack, 1)
        self._group.buttons()[0].setChecked(True)
        self._align = QTimer(self, singleShot=True, interval=0)
        self._align.timeout.connect(self._on_align)
        self.other.follow(self.one)
        for view in (self.one, self.other):
            view.body.installEventFilter(self)
        self._group.buttonClicked.connect(self._on_button)
        for view, twin in ((self.one, self.other), (self.other, self.one)):
            view.cut_changed.connect(twin.cut)
            view.way_changed.connect(twin.look_in)
            view.element_moved.connect(twin.mark)
            view.scrolled.connect(twin.scroll_to)
            view.named.connect(self._on_named)

    @property
    def views(self) -> tuple[TensorView, TensorView, TensorView]:
        """The two, and their difference."""
        return self.one, self.other, self.less

    def refresh(self, is_live: bool = False) -> None:
        """Show the numbers of now."""
        for view in self.views:
            view.refresh(is_live)

    def stop(self) -> None:
        """Wait for nothing any more: it is closed."""
        for view in self.views:
            view.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._align.start()
        return False

    @Slot()
    def _on_align(self) -> None:
        """Have rows of the same index stand side by side."""
        self.other.begin_at(self.one.body.y())

    @Slot(object)
    def _on_button(self, button: WordButton) -> None:
        self._stack.setCurrentIndex(self._group.buttons().index(button))

    @Slot(str)
    def _on_named(self, title: str) -> None:
        if self.one.title and self.other.title:
            self.named.emit(f"{self.one.title} and {self.other.title}")
