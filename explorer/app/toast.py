"""A sentence at the foot of the canvas that says what was refused or done, and goes by itself."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtWidgets import QLabel, QWidget

SECONDS_PER_WORD = 0.4
LEAST_SECONDS = 4.0
_MARGIN = 16
_ACROSS, _DOWN = 44, 22
"""What the border and the padding take, in points."""
_WIDEST = 620
_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


class Toast(QLabel):
    """Lies over `host`, whose ports and cards below it can still be reached.

    It stands above those of `beside`, what else lies there, that are at the foot and too wide.
    """

    def __init__(self, host: QWidget, beside: Sequence[QWidget]):
        super().__init__(host)
        self._host, self._beside = host, tuple(beside)
        self.setObjectName("toast")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName("Notice")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        for watched in (host, *beside):
            watched.installEventFilter(self)
        self.hide()

    def tell(self, sentence: str, refused: bool = False) -> None:
        """Show a sentence; `refused` for one that says why something was not done."""
        self.setProperty("refused", refused)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setText(f"⚠  {sentence}" if refused else sentence)
        self._place()
        self.show()
        self.raise_()
        words = len(sentence.split())
        self._timer.start(int(1000 * max(LEAST_SECONDS, SECONDS_PER_WORD * words)))

    @Slot()
    def give_way(self) -> None:
        """Something else was done: what was said of what came before is over."""
        self._timer.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        metrics, wraps = self.fontMetrics(), Qt.TextFlag.TextWordWrap
        wanted = metrics.horizontalAdvance(self.text()) + _ACROSS
        width = max(min(self._host.width() - 2 * _MARGIN, wanted, _WIDEST), 120)
        room = QRect(0, 0, width - _ACROSS + 4, 10_000)
        height = metrics.boundingRect(room, int(wraps), self.text()).height() + _DOWN
        self.setFixedSize(width, height)
        foot = self._host.height() - _MARGIN
        place = QRect((self._host.width() - width) // 2, foot - height, width, height)
        seen = (part for part in self._beside if part.isVisible())
        boxes = [QRect(part.mapTo(self._host, QPoint()), part.size()) for part in seen]
        for box in sorted(boxes, key=QRect.top, reverse=True):
            if place.intersects(box):
                place.moveBottom(box.top() - _MARGIN // 2)
        self.move(place.topLeft())
