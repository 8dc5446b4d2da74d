"""A file dragged onto the window: what would happen to it is shown, and a drop does it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from explorer.app import theme
from explorer.app.icons import paint

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow

_WHAT_CAN_BE = "Drop a graph (.json) or weights (.safetensors)"
_INSET, _ICON = 8, 34


@dataclass(frozen=True)
class Landing:
    """What a drop would do, in a sentence; `do` is None where it is refused."""

    sentence: str
    do: Callable[[], object] | None = None


class FileDrop(QObject):
    """Watches a window for files that are dragged over it."""

    def __init__(self, window: "MainWindow"):
        super().__init__(window)
        self._window = window
        self._hint = DropHint(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragLeave:
            self._hint.hide()
            return True
        if isinstance(event, QDropEvent) and event.mimeData().hasUrls():
            landing = self._landing(event.mimeData())
            event.acceptProposedAction()
            if isinstance(event, QDragMoveEvent):
                self._hint.show_over(self._window.centralWidget(), landing)
            else:
                self._land(landing)
            return True
        return False

    def _land(self, landing: Landing) -> None:
        self._hint.hide()
        if landing.do is None:
            self._window.toast.tell(landing.sentence, refused=True)
        else:
            # A question may come up, and the program that the file comes from must not wait for it.
            QTimer.singleShot(0, self._window, landing.do)

    def _landing(self, data: QMimeData) -> Landing:
        paths = [Path(url.toLocalFile()) for url in data.urls()]
        if len(paths) != 1:
            return Landing(f"{_WHAT_CAN_BE}, one file at a time")
        (path,) = paths
        if not path.is_file():
            what = "a folder" if path.is_dir() else "no file on this computer"
            return Landing(f"{path.name or data.urls()[0].toString()} is {what}. {_WHAT_CAN_BE}")
        return self._landing_of(path)

    def _landing_of(self, path: Path) -> Landing:
        window = self._window
        match path.suffix.lower():
            case ".json":
                return Landing(f"Open {path.name}", partial(window.files.open, path))
            case ".safetensors" if window.controller.program is None:
                return Landing(f"Weights need a net that can run. {window.controller.reason}")
            case ".safetensors":
                load = partial(window.controller.load_weights, path)
                return Landing(f"Go on from the weights in {path.name}", load)
        return Landing(f"{path.name} cannot be opened here. {_WHAT_CAN_BE}")


class DropHint(QWidget):
    """Covers the middle of the window while a file is over it, and says what a drop does."""

    def __init__(self, window: QWidget):
        super().__init__(window)
        self._landing = Landing("")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said, "" while no file is over the window."""
        return self._landing.sentence if self.isVisible() else ""

    def show_over(self, part: QWidget, landing: Landing) -> None:
        """Cover that part of the window with what a drop would do."""
        self._landing = landing
        self.setAccessibleName(landing.sentence)
        self.setGeometry(part.geometry())
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        is_refused = self._landing.do is None
        ink = colours.error if is_refused else colours.accent
        box = QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour(colours.canvas, 0.86))
        painter.setPen(QPen(QColor(ink), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(box, 10, 10)
        font = theme.font(theme.TITLE_SIZE, bold=True)
        room = box.adjusted(24, 0, -24, 0)
        wraps = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
        height = QFontMetrics(font).boundingRect(room.toRect(), wraps, self._landing.sentence)
        top = box.center().y() - (height.height() + _ICON + theme.MARGIN) / 2
        icon = QRectF(box.center().x() - _ICON / 2, top, _ICON, _ICON)
        paint(painter, icon, "warning" if is_refused else "open", ink)
        painter.setFont(font)
        painter.setPen(QColor(colours.error if is_refused else colours.text))
        room.setTop(icon.bottom() + theme.MARGIN)
        painter.drawText(room, wraps, self._landing.sentence)
