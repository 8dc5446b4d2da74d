"""A small list of layers at the pointer: type, press Enter, and the layer is there."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.app.canvas.palette import Palette
from explorer.app.popup import Popup

_WIDTH, _ROWS_SHOWN = 264, 11
_KEYS = "Enter adds the chosen layer, arrow keys move, Esc closes"


class QuickAdd(Popup):
    """Offers layers by name; Esc or a click elsewhere closes it, and the keyboard goes back.

    Signals:
        chosen(str): a layer was chosen; the popup is closed by then.
    """

    chosen = Signal(str)

    def __init__(
        self, owner: QWidget, offered: Collection[str], prompt: str, first: Sequence[str] = ()
    ):
        super().__init__(owner, prompt)
        self.palette_panel = Palette(self, offered, first)
        self.search, self.list = self.palette_panel.search, self.palette_panel.list
        self.search.setPlaceholderText(prompt)
        self.search.setToolTip(_KEYS)
        self.watch(self.search)
        self.list.setDragEnabled(False)
        self.list.itemClicked.connect(self.list.choose_current)
        self.palette_panel.layer_chosen.connect(self._choose)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.addWidget(self.palette_panel)
        self.search.textChanged.connect(self._fit)
        self._fit()

    def open_at(self, at: QPoint) -> None:
        """Open with the search field's beginning near a point of the screen, all of it in view."""
        screen = QGuiApplication.screenAt(at) or self._owner.screen()
        self.move(_within(screen.availableGeometry(), at + QPoint(-24, 10), self.rect()))
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def _fit(self) -> None:
        """As high as what was found, so that it hides no more of the net than it must."""
        panel, width = self.palette_panel, _WIDTH - 2
        rows = min(len(self.list.entries()), _ROWS_SHOWN)
        self.list.setFixedHeight(self.list.sizeHintForRow(0) * rows + 2)
        wraps = panel.hasHeightForWidth()
        height = panel.heightForWidth(width) if wraps else panel.sizeHint().height()
        self.setFixedSize(_WIDTH, height + 2)

    @Slot(str)
    def _choose(self, kind: str) -> None:
        if self.isVisible():
            self.close()
            self.chosen.emit(kind)


def _within(room: QRect, at: QPoint, box: QRect) -> QPoint:
    """The top left corner nearest `at` from which the box stays inside the room."""
    x = min(at.x(), room.right() + 1 - box.width())
    y = min(at.y(), room.bottom() + 1 - box.height())
    return QPoint(max(x, room.left()), max(y, room.top()))
